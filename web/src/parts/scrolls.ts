/*
 * What may be larger than its place and then scrolls: only while it does is it a stop of the Tab key, with
 * a name. Used by parts/TableScroll and where a part of a form scrolls by itself.
 */
export function scrolls(box: HTMLElement, name: string): { update: (name: string) => void; destroy: () => void } {
  let label = name;
  function look(): void {
    if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", label);
    } else for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
  }
  const sizes = new ResizeObserver(look);
  const watch = (): void => [box, ...box.children].forEach((one) => sizes.observe(one));
  const inside = new MutationObserver(watch);
  inside.observe(box, { childList: true });
  watch();
  return {
    update: (next) => ((label = next), look()),
    destroy: () => (sizes.disconnect(), inside.disconnect()),
  };
}
