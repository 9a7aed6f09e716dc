/*
 * Another cell of the risk matrix, written into the text of a device.yaml: only the words of cells are
 * replaced, so comments and order stay. What is not written as "band: {harm: risk}" or as lines of
 * "harm: risk" below a band is not touched: null, and the file is changed by hand. The service reads
 * and judges what comes out. Used by pages/device/MatrixEditor.
 */
export interface Cell {
  band: string;
  harm: string;
  risk: string;
}

export function cellKey(cell: Pick<Cell, "band" | "harm">): string {
  return `${cell.band}/${cell.harm}`;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function isBlank(line: string): boolean {
  return /^\s*(#.*)?$/.test(line);
}

/* The lines of the block below the line `at`: first and one after the last. */
function blockAfter(lines: readonly string[], at: number): [number, number] {
  const indent = indentOf(lines[at] ?? "");
  let end = at + 1;
  while (end < lines.length && (isBlank(lines[end] ?? "") || indentOf(lines[end] ?? "") > indent)) end++;
  return [at + 1, end];
}

function keyLine(lines: readonly string[], from: number, to: number, key: string): number {
  const found: number[] = [];
  for (let at = from; at < to; at++) if (new RegExp(`^\\s*${key}\\s*:`).test(lines[at] ?? "") && !isBlank(lines[at] ?? "")) found.push(at);
  return found.length === 1 ? (found[0] ?? -1) : -1;
}

function setCell(lines: string[], matrix: [number, number], cell: Cell): boolean {
  const band = keyLine(lines, matrix[0], matrix[1], cell.band);
  if (band < 0) return false;
  const [, end] = blockAfter(lines, band);
  const word = new RegExp(`((?:^|[{,\\s])${cell.harm}\\s*:\\s*)(controlled|uncontrolled)(?=\\s*(?:[,}#]|$))`);
  const places: number[] = [];
  for (let at = band; at < end; at++) if (word.test((lines[at] ?? "").replace(/#.*$/, ""))) places.push(at);
  const place = places[0];
  if (places.length !== 1 || place === undefined) return false;
  lines[place] = (lines[place] ?? "").replace(word, `$1${cell.risk}`);
  return true;
}

/* null: the matrix is not written so that this can change it. */
export function withCells(text: string, cells: readonly Cell[]): string | null {
  const lines = text.split("\n");
  const policy = lines.findIndex((line) => /^policy\s*:\s*(#.*)?\r?$/.test(line));
  if (policy < 0) return null;
  const matrix = keyLine(lines, ...blockAfter(lines, policy), "matrix");
  if (matrix < 0 || !/matrix\s*:\s*(#.*)?\r?$/.test(lines[matrix] ?? "")) return null;
  const block = blockAfter(lines, matrix);
  return cells.every((cell) => setCell(lines, block, cell)) ? lines.join("\n") : null;
}
