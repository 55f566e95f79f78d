const WIDTH = 120;
const INDENT = "  ";

/** JSON with one row to a line, so that a change of one car is a change of one line. */
export function layout(value: unknown, indent = ""): string {
  const deeper = indent + INDENT;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    if (value.every(isScalar) && deeper.length + line.length <= WIDTH) return line;
    return `[\n${value.map((item) => deeper + layout(item, deeper)).join(",\n")}\n${indent}]`;
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{\n${fields.map(([name, field]) => `${deeper}${JSON.stringify(name)}: ${layout(field, deeper)}`).join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
