/** The diagram as SVG; what it is drawn with is loaded with the first one. */
export async function drawDiagram(source: string, dark: boolean): Promise<string> {
  const { default: mermaid } = await import("mermaid");
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    // Its own choice is ELK, which is left out (absent.ts).
    layout: "dagre",
    theme: dark ? "dark" : "default",
    fontFamily: "system-ui, sans-serif",
    suppressErrorRendering: true,
  });
  const { svg } = await mermaid.render("diagram", source);
  return svg;
}
