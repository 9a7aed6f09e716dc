/* Heights and places of a grid's rows. Used by parts/Grid. Rows of a card are as high as the CSS of
 * GridRow says: all rows are of one height, so that places can be counted. */
export function rowHeight(width: number): number {
  return width <= 720 ? 78 : 30;
}

/* Bring a line into view, with the least scrolling; the head covers the top. */
export function scrollTo(box: HTMLElement, index: number, row: number, head: number): void {
  const top = index * row;
  const bottom = top + row + head;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}
