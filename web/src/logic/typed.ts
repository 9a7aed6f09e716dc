/*
 * Whether somebody typed something in a form that is not there any more when the form is closed: a
 * field of text whose value is another one than when it was first entered. Passwords and the fields
 * of a search are no loss. Used by parts/Dialog.
 */
const TEXT = 'textarea, input:not([type]), input:is([type="text"], [type="email"], [type="url"], [type="search"], [type="number"])';

type Field = HTMLInputElement | HTMLTextAreaElement;

export class Typed {
  private readonly before = new WeakMap<Element, string>();

  /* A field is entered: what stands in it now was not typed. */
  begin(target: EventTarget | null): void {
    if (!(target instanceof Element) || !target.matches(TEXT) || this.before.has(target)) return;
    this.before.set(target, (target as Field).value);
  }

  isIn(form: ParentNode): boolean {
    return [...form.querySelectorAll<Field>(TEXT)].some((field) => {
      const before = this.before.get(field);
      return before !== undefined && field.value.trim() !== "" && field.value !== before && !field.matches('[role="combobox"], [readonly]');
    });
  }
}
