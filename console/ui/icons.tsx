// The rail's icons: 16 px, one stroke, drawn here so that no icon package is loaded.
const PATHS = {
  now: 'M8 1.8v2.4M8 11.8v2.4M1.8 8h2.4M11.8 8h2.4M8 5.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z',
  alerts: 'M8 2a4 4 0 0 0-4 4v2.6L2.8 11h10.4L12 8.6V6a4 4 0 0 0-4-4zM6.4 13.2a1.7 1.7 0 0 0 3.2 0',
  incidents: 'M8 1.9 14.4 13H1.6zM8 6.2v3.4M8 11.3v.2',
  runs: 'M3.5 2.5v11M3.5 4.5h6M3.5 8h9M3.5 11.5h5M11 3.2h1.6v2.6H11z',
  approvals: 'M2.5 8.6 6 12l7.5-8',
  contained: 'M8 1.8 13.4 4v4c0 3-2.2 5.2-5.4 6.2C4.8 13.2 2.6 11 2.6 8V4zM5.8 8h4.4',
  suppressions: 'M8 2a4 4 0 0 0-4 4v2.6L2.8 11h10.4L12 8.6V6a4 4 0 0 0-4-4zM6.4 13.2a1.7 1.7 0 0 0 3.2 0M2 2l12 12',
  playbooks: 'M3 2.5h7.5L13 5v8.5H3zM5.5 6.5h5M5.5 9h5M5.5 11.2h3',
  connectors: 'M5.8 2v3.6M10.2 2v3.6M3.8 5.6h8.4v2.2a4.2 4.2 0 0 1-8.4 0zM8 12v2.4',
  audit: 'M5 3.2H2.8v11h10.4v-11H11M5.4 1.8h5.2v2.8H5.4zM5.4 9.4l1.8 1.8 3.4-3.6',
  people:
    'M6 2.4a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM1.6 13.6c.3-2.7 2-4.2 4.4-4.2s4.1 1.5 4.4 4.2M10.6 2.8a2.4 2.4 0 0 1 0 4.4M12 9.9c1.4.6 2.2 1.8 2.4 3.7',
  more: 'M3 8h.1M8 8h.1M13 8h.1',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
