from gantry_edge.cli import main

main()
