/*
 * What a person chose for this browser: theme, contrast, language, folded rail, single-letter keys.
 * Kept locally where storage is allowed; without it the choice holds until the page is loaded again.
 */
export interface Settings {
  theme: "system" | "light" | "dark";
  contrast: boolean;
  language: "en" | "de";
  folded: boolean;
  singles: boolean;
}

const KEY = "tutela.settings";

export function defaults(languages: readonly string[] = []): Settings {
  return { theme: "system", contrast: false, language: languages[0]?.toLowerCase().startsWith("de") ? "de" : "en", folded: false, singles: true };
}

/* What was kept, as far as it is understood. */
export function readSettings(kept: string | null, languages: readonly string[] = []): Settings {
  const base = defaults(languages);
  let said: Partial<Record<keyof Settings, unknown>> = {};
  try {
    const read: unknown = JSON.parse(kept ?? "{}");
    if (typeof read === "object" && read !== null) said = read;
  } catch {
    return base;
  }
  return {
    theme: said.theme === "light" || said.theme === "dark" ? said.theme : base.theme,
    contrast: said.contrast === true,
    language: said.language === "de" || said.language === "en" ? said.language : base.language,
    folded: said.folded === true,
    singles: said.singles !== false,
  };
}

export function loadSettings(): Settings {
  try {
    return readSettings(localStorage.getItem(KEY), navigator.languages);
  } catch {
    return defaults(navigator.languages);
  }
}

export function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    /* no storage: it holds until the page is loaded again */
  }
}

/* tokens.css reads these attributes of <html>. */
export function applySettings(settings: Settings): void {
  const root = document.documentElement;
  if (settings.theme === "system") root.removeAttribute("data-theme");
  else root.dataset["theme"] = settings.theme;
  if (settings.contrast) root.dataset["contrast"] = "more";
  else root.removeAttribute("data-contrast");
}
