/*
 * A QR code (ISO/IEC 18004) of a short text: bytes, error correction M, up to version 15 (412 bytes).
 * qr() gives rows of modules, true is dark, without the quiet zone of four; qrPath() the path of an
 * SVG in a box of the side plus eight. Used by pages/me for the authenticator's address.
 *
 * The mask is the one with the fewest long runs, blocks and the most even share of dark (rules 1, 2
 * and 4 of 7.8.3); a reader takes any mask.
 */
const PER_BLOCK = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24]; /* correction bytes, by version */
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];
const QUIET = 4;

type Modules = boolean[][];

interface Grid {
  side: number;
  dark: Modules;
  fixed: Modules; /* patterns and formats: no data goes there */
}

function at(table: readonly number[], version: number): number {
  return table[version - 1] ?? 0;
}

/* All bytes that a version holds, data and correction. */
function capacity(version: number): number {
  const n = Math.floor(version / 7) + 2;
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) modules -= (25 * n - 10) * n - 55;
  if (version >= 7) modules -= 36;
  return Math.floor(modules / 8);
}

function dataBytes(version: number): number {
  return capacity(version) - at(PER_BLOCK, version) * at(BLOCKS, version);
}

/* In GF(256) with the polynomial 0x11d. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

/* The generator's coefficients without the highest, which is 1. */
function generator(degree: number): number[] {
  const factors = new Array<number>(degree).fill(0);
  factors[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) factors[j] = times(factors[j] ?? 0, root) ^ (factors[j + 1] ?? 0);
    root = times(root, 2);
  }
  return factors;
}

function correction(data: readonly number[], factors: readonly number[]): number[] {
  const rest = factors.map(() => 0);
  for (const byte of data) {
    const lead = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    for (const [i, factor] of factors.entries()) rest[i] = (rest[i] ?? 0) ^ times(factor, lead);
  }
  return rest;
}

/* Mode, length, bytes, end, and the padding of the standard. */
function message(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const put = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  const room = dataBytes(version) * 8;
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  return Array.from({ length: room / 8 }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0));
}

/* Split into blocks, each with its correction, and interleaved. */
function interleaved(data: readonly number[], version: number): number[] {
  const count = at(BLOCKS, version);
  const factors = generator(at(PER_BLOCK, version));
  const short = Math.floor(data.length / count);
  const longs = data.length % count;
  const blocks: { data: number[]; check: number[] }[] = [];
  for (let i = 0, from = 0; i < count; i++) {
    const size = short + (i < count - longs ? 0 : 1);
    const part = data.slice(from, from + size);
    blocks.push({ data: part, check: correction(part, factors) });
    from += size;
  }
  const out: number[] = [];
  for (let i = 0; i <= short; i++) for (const block of blocks) if (i < block.data.length) out.push(block.data[i] ?? 0);
  for (let i = 0; i < factors.length; i++) for (const block of blocks) out.push(block.check[i] ?? 0);
  return out;
}

function set(grid: Grid, x: number, y: number, dark: boolean): void {
  const [row, fixed] = [grid.dark[y], grid.fixed[y]];
  if (!row || !fixed || x < 0 || x >= grid.side) return;
  row[x] = dark;
  fixed[x] = true;
}

/* Squares around a middle: a finder (reach 4, with its light rim) or an alignment pattern (reach 2). */
function square(grid: Grid, x: number, y: number, reach: number): void {
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      set(grid, x + dx, y + dy, reach === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
    }
}

function alignments(version: number, side: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((side - 13) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => side - 7 - (count - 2 - i) * step)];
}

function emptyGrid(version: number): Grid {
  const side = version * 4 + 17;
  const blank = (): Modules => Array.from({ length: side }, () => new Array<boolean>(side).fill(false));
  const grid: Grid = { side, dark: blank(), fixed: blank() };
  for (let i = 0; i < side; i++) {
    set(grid, 6, i, i % 2 === 0);
    set(grid, i, 6, i % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [side - 4, 3], [3, side - 4]] as const) square(grid, x, y, 4);
  const middles = alignments(version, side);
  const last = middles.length - 1;
  for (const [i, x] of middles.entries())
    for (const [j, y] of middles.entries()) if (!((i === 0 && (j === 0 || j === last)) || (i === last && j === 0))) square(grid, x, y, 2);
  format(grid, 0);
  if (version >= 7) versionBits(grid, version);
  return grid;
}

/* BCH (15, 5) of the correction level M (00) and the mask. */
function format(grid: Grid, mask: number): void {
  let rest = mask;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (i: number): boolean => ((bits >>> i) & 1) === 1;
  for (let i = 0; i < 15; i++) {
    set(grid, 8, i < 6 ? i : i < 8 ? i + 1 : grid.side - 15 + i, bit(i));
    set(grid, i < 8 ? grid.side - 1 - i : i === 8 ? 7 : 14 - i, 8, bit(i));
  }
  set(grid, 8, grid.side - 8, true);
}

/* BCH (18, 6) of the version. */
function versionBits(grid: Grid, version: number): void {
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const [a, b] = [grid.side - 11 + (i % 3), Math.floor(i / 3)];
    set(grid, a, b, ((bits >>> i) & 1) === 1);
    set(grid, b, a, ((bits >>> i) & 1) === 1);
  }
}

/* Two columns at a time from the right, up and down in turns, past the upright timing pattern. */
function fill(grid: Grid, bytes: readonly number[]): void {
  let next = 0;
  for (let right = grid.side - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const isUp = ((right + 1) & 2) === 0;
    for (let i = 0; i < grid.side * 2; i++) {
      const x = right - (i % 2);
      const y = isUp ? grid.side - 1 - (i >> 1) : i >> 1;
      const row = grid.dark[y];
      if (!row || grid.fixed[y]?.[x]) continue;
      row[x] = (((bytes[next >> 3] ?? 0) >>> (7 - (next & 7))) & 1) === 1;
      next++;
    }
  }
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function masked(grid: Grid, mask: number): Modules {
  const dark = grid.dark.map((row, y) => row.map((is, x) => (grid.fixed[y]?.[x] ? is : is !== MASKS[mask]?.(x, y))));
  format({ ...grid, dark, fixed: grid.fixed.map((row) => [...row]) }, mask);
  return dark;
}

function runs(line: readonly boolean[]): number {
  let [length, sum] = [0, 0];
  for (const [i, is] of line.entries()) {
    length = i && is === line[i - 1] ? length + 1 : 1;
    sum += length === 5 ? 3 : length > 5 ? 1 : 0;
  }
  return sum;
}

function penalty(dark: Modules): number {
  const columns = dark.map((_, x) => dark.map((row) => row[x] ?? false));
  let sum = [...dark, ...columns].reduce((all, line) => all + runs(line), 0);
  for (let y = 1; y < dark.length; y++)
    for (let x = 1; x < dark.length; x++) {
      const is = dark[y]?.[x];
      if (is === dark[y - 1]?.[x] && is === dark[y]?.[x - 1] && is === dark[y - 1]?.[x - 1]) sum += 3;
    }
  const share = dark.flat().filter(Boolean).length / dark.length ** 2;
  return sum + Math.floor(Math.abs(share - 0.5) * 20) * 10;
}

/* null: the text is too long. */
export function qr(text: string): Modules | null {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((_, i) => bytes.length + (i + 1 < 10 ? 2 : 3) <= dataBytes(i + 1)) + 1;
  if (!version) return null;
  const grid = emptyGrid(version);
  fill(grid, interleaved(message(bytes, version), version));
  const all = MASKS.map((_, mask) => masked(grid, mask));
  return all.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

/* What an SVG draws: each run of dark modules of a row is a rectangle. */
export function qrPath(modules: Modules): { side: number; path: string } {
  let path = "";
  for (const [y, row] of modules.entries())
    for (let x = 0; x < row.length; x++) {
      let run = 0;
      while (row[x + run]) run++;
      if (run) path += `M${x + QUIET} ${y + QUIET}h${run}v1h-${run}z`;
      x += run;
    }
  return { side: modules.length + 2 * QUIET, path };
}
