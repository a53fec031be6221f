/** Drawings of 24 by 24, in the colour of the text beside them; what they stand for is always said in words too. */
const PATHS = {
  overview: "M4 18a8.5 8.5 0 1 1 16 0M12 15l4-5",
  answers: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
  segments: "M4 6h9M4 12h16M4 18h6M16 6h.01M13 18h.01",
  journey: "M5 19c5 0 2-7 7-7s2-7 7-7M5 19h.01M19 5h.01M12 12h.01",
  surveys: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
  channels: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 22h4",
  privacy: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM9 12l2 2 4-4",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  table: "M4 5h16v14H4zM4 10h16M4 15h16M10 10v9",
  chart: "M4 20h16M7 16v-5M12 16V6M17 16v-8",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  level: "M5 12h14",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4 4",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  info: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v5M12 8h.01",
  check: "M5 13l4 4L19 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  exit: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20c0-4 4-6 8-6s8 2 8 6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  plus: "M12 5v14M5 12h14",
  flag: "M6 21V4h11l-2 4 2 4H6",
};

export function Icon({ name, size = 20 }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
