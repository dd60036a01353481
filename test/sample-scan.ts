/** The scan of the sample logs that `npm run demo` shows, up to its output. */
export const SAMPLE_SCAN = [
  "scan",
  "examples/logs",
  "--site",
  "examples/sallyport.yml",
  "--assets",
  "examples/assets.csv",
  "--now",
  "2026-03-03T00:00:00Z",
  "--quiet",
] as const;
