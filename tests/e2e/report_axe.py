#!/usr/bin/env python3
"""The report in a real browser, judged by axe-core: WCAG 2 A and AA, light, dark and on a small screen.

Needs node, a Chromium and the npm packages axe-core and playwright-core, which it installs into the
build folder when it can.

usage: report_axe.py [PROGRAM]
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

from kit import ROOT, Kit

PACKAGES = ["axe-core@4", "playwright-core@1"]
SCRIPT = r"""
const [modules, browser, page] = process.argv.slice(1);
const require = (await import('node:module')).createRequire(modules + '/');
const {chromium} = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');
const views = [['light', 1280], ['dark', 1280], ['light', 400]];
const chrome = await chromium.launch({executablePath: browser, args: ['--no-sandbox', '--disable-gpu',
  '--disable-quic', '--no-first-run', '--disable-background-networking']});
const results = [];
for (const [colorScheme, width] of views) {
  const context = await chrome.newContext({colorScheme, viewport: {width, height: 900}, bypassCSP: true});
  const tab = await context.newPage();
  const requests = [], errors = [];
  tab.on('request', request => requests.push(request.url()));
  tab.on('pageerror', error => errors.push(String(error)));
  tab.on('console', message => message.type() === 'error' && errors.push(message.text()));
  await tab.goto('file://' + page);
  await tab.evaluate(() => document.querySelectorAll('details').forEach(d => { d.open = true; }));
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await tab.addScriptTag({path: axe});
  const found = await tab.evaluate(() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
    'wcag22aa', 'best-practice']}));
  results.push({view: colorScheme + ' ' + width, requests, errors, wide, rules: found.passes.length,
    violations: found.violations.map(v => v.id + ': ' + v.nodes.length + ' times, as ' +
      v.nodes[0].html.slice(0, 200) + ' ' + v.nodes[0].failureSummary)});
  await context.close();
}
await chrome.close();
process.stdout.write(JSON.stringify(results));
"""


def skip(why):
    print(f"ok 1 - the report in a browser # SKIP {why}\n1..1")
    return 0


def browser():
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def install(folder):
    """Whether both packages are in the folder, installed now if they were not."""
    if all((folder / "node_modules" / name.partition("@")[0]).is_dir() for name in PACKAGES):
        return True
    if not shutil.which("npm"):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    try:
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES],
                              cwd=folder, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def look(kit, folder, chrome, page):
    done = subprocess.run(["node", "--input-type=module", "-e", SCRIPT, str(folder), chrome, str(page)],
                          capture_output=True, text=True, timeout=300, check=False)
    kit.check("the browser shows the page", done.returncode == 0, done.stderr)
    return json.loads(done.stdout) if done.returncode == 0 else []


def main():
    chrome = browser()
    if not chrome or not shutil.which("node"):
        return skip("node or Chromium is not here")
    kit = Kit()
    folder = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")) / "axe"
    if not install(folder.resolve()):
        return skip("npm cannot install axe-core and playwright-core")
    page = kit.folder / "report.html"
    done = kit.run("report", ROOT / "examples" / "infusion-pump", "--at", "2026-07-10", "-o", page)
    kit.answers("a report", done, 0)
    for result in look(kit, folder.resolve(), chrome, page):
        view = result["view"]
        kit.check(f"{view}: axe finds nothing in {result['rules']} rules", not result["violations"],
                  *result["violations"])
        kit.check(f"{view}: nothing is asked of anybody", len(result["requests"]) == 1, result["requests"])
        kit.check(f"{view}: no errors", not result["errors"], result["errors"])
        kit.check(f"{view}: not wider than the screen", result["wide"] <= 0, result["wide"])
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
