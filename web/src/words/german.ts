/* The German words as one chunk; tsc compares their keys with the English ones. Used by words.ts. */
import type { Entry, Word } from "./words";
import admin from "./de/admin";
import cases from "./de/cases";
import components from "./de/components";
import concept from "./de/concept";
import deadlines from "./de/deadlines";
import design from "./de/design";
import designBaselines from "./de/design-baselines";
import designPaths from "./de/design-paths";
import device from "./de/device";
import finding from "./de/finding";
import findings from "./de/findings";
import frame from "./de/frame";
import grid from "./de/grid";
import intelligence from "./de/intelligence";
import ledger from "./de/ledger";
import me from "./de/me";
import notify from "./de/notify";
import portfolio from "./de/portfolio";
import release from "./de/release";
import signIn from "./de/sign-in";
import signals from "./de/signals";
import signs from "./de/signs";
import statements from "./de/statements";
import trend from "./de/trend";

const german: Readonly<Record<Word, Entry>> = { ...admin, ...cases, ...components, ...concept, ...deadlines, ...design, ...designBaselines, ...designPaths, ...device, ...finding, ...findings, ...frame, ...grid, ...intelligence, ...ledger, ...me, ...notify, ...portfolio, ...release, ...signIn, ...signals, ...signs, ...statements, ...trend };
export default german;
