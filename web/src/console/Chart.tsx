interface ChartProps {
  title: string;
  /** What is read aloud, and shown beside the title. */
  summary: string;
  /** The newest last. */
  values: number[];
  /** As many as there may be: what is not there yet leaves its room empty. */
  room?: number;
}

const HEIGHT = 40;

/** A bar for each value, as high as the highest allows. */
export function Chart({ title, summary, values, room = values.length }: ChartProps) {
  const most = Math.max(...values, 1);
  return (
    <figure>
      <figcaption>
        {title} <span class="hint">{summary}</span>
      </figcaption>
      <svg
        role="img"
        aria-label={`${title}: ${summary}`}
        width="100%"
        height={HEIGHT}
        viewBox={`0 0 ${room} ${HEIGHT}`}
        preserveAspectRatio="none"
        fill="var(--accent)"
      >
        <rect width={room} y={HEIGHT - 1} height={1} fill="var(--line)" />
        {values.map((value, at) => {
          const height = (value / most) * (HEIGHT - 2);
          return (
            <rect
              key={at}
              x={room - values.length + at + 0.1}
              width={0.8}
              y={HEIGHT - height}
              height={height}
            />
          );
        })}
      </svg>
    </figure>
  );
}
