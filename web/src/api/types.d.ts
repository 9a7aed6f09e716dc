/* Written by web/types.mjs (npm run types) from api/openapi: change the document, not this file. */
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Format: id
         * @description A public id: 32 hexadecimal digits
         */
        Id: string;
        Total: {
            count: number;
            /** @description false: there are at least so many */
            exact: boolean;
        };
        /** @description The cursor of the next page; null: this is the last one */
        Next: string | null;
        JobRef: {
            job: components["schemas"]["Id"];
        };
        /** @description What the answer cannot know, over all releases that whoever asks may see, not only those that the answer is about: that it has no rows, or that a row looks clean, says nothing of these. gen-routes adds it to what has x-gaps */
        Gaps: {
            releases: number;
            /** @description Nothing is known of what is in them */
            releases_without_sbom: number;
            /** @description They have an SBOM and it lists no components - nothing is known of what is in them either */
            releases_without_components: number;
            /** @description The knowledge base has nothing on any component of their SBOM; those without components, too */
            releases_without_data: number;
            /** @description Something changed of which their findings do not know yet */
            releases_not_settled: number;
            /** @description The knowledge base has nothing on them; counted in each release */
            components_without_data: number;
            /** @description Devices that a build server has sent and nobody has described: without a safety model every harm is taken for the worst */
            devices_in_intake: number;
            /** @description Sources that a sync fetches and that are not fresh, as of the last sync; null: which ones there are could not be read */
            late_sources: {
                source: string;
                /** @enum {string} */
                freshness: "stale" | "failed" | "failed, stale" | "never fetched" | "clock?";
            }[] | null;
            /** @description null: there is none in use, and nothing is known */
            knowledge_base: {
                sha256: string;
                /** @description The small one that the program comes with */
                starter: boolean;
                /** Format: date-time */
                newest: string | null;
                /** @description The source whose newest record is the oldest: how far the data reach */
                oldest_source: Record<string, unknown> | null;
            } | null;
        };
        Problem: {
            /** @description Stable: "urn:tutela:problem:…"; missing where the server refused the request before any operation */
            type?: string;
            title: string;
            status: number;
            detail?: string;
            /** @description The id by which the log has the request */
            request?: string;
            /** @description Where in the body */
            pointer?: string;
            /** @description Where in the text, in bytes from 0 */
            offset?: number;
            line?: number;
            column?: number;
            errors?: components["schemas"]["ProblemError"][];
            /** @description There are more errors than are listed */
            more?: boolean;
        };
        ProblemError: {
            type: string;
            pointer?: string;
            parameter?: string;
            detail: string;
            expected?: string;
        };
        BuildPage: {
            items: components["schemas"]["Build"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Build: {
            id: components["schemas"]["Id"];
            /** @description From 1 in each release */
            number: number;
            /** Format: date-time */
            received: string;
            /** @description Public id of the key or the person, or another actor */
            sender: string;
            /** @description It is what the release has */
            current: boolean;
            /** Format: digest */
            sha256: string;
            /** @description As received */
            bytes: number;
            /** @description The room that it takes, packed; null: it was dropped. A document is kept once, whatever names it */
            stored_bytes: number | null;
            /**
             * Format: date-time
             * @description When its document was removed, since there were too many builds
             */
            dropped: string | null;
        };
        Case: {
            id: components["schemas"]["Id"];
            vulnerability: string;
            title: string | null;
            /** @enum {string} */
            severity: "unknown" | "none" | "low" | "medium" | "high" | "critical";
            /** @description 0 to 10 */
            score: number | null;
            kev: boolean;
            /** @description No knowledge base had a name for it: people say which devices it is about, and decide on releases */
            own: boolean;
            /** @enum {string} */
            state: "open" | "closed";
            /** @description The login */
            owner: string | null;
            owner_id: string | null;
            /** Format: date-time */
            learned_at: string;
            /** Format: date-time */
            opened: string;
            /** Format: date-time */
            closed_at: string | null;
            devices: number;
            /** @description Releases */
            affected: number;
            /** @description Releases of which it is not decided */
            undecided: number;
            fixed: number;
            not_affected: number;
            /**
             * Format: date-time
             * @description The soonest that runs and is not met; null: none runs, see deadline_if_uncontrolled
             */
            deadline: string | null;
            open_deadlines: number;
            /** @description Deadlines that would have started, from the case's learned_at, if its undecided releases were uncontrolled; null: it cannot be said, what is stored of a device cannot be read */
            undecided_deadlines: number | null;
            /**
             * Format: date-time
             * @description The soonest of these that is not met
             */
            deadline_if_uncontrolled: string | null;
            /** @description Its ETag */
            version: number;
        };
        CasesWithout: {
            count: number;
            /** @description A row for each filter that was given */
            without: {
                /** @description What is left out */
                parameter: string;
                count: number;
            }[];
            gaps: components["schemas"]["Gaps"];
        };
        CasePage: {
            items: components["schemas"]["Case"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        CaseCondition: {
            /** @enum {string} */
            need: "owner" | "decision" | "fix" | "units-known" | "units-fixed" | "deadline";
            device: string;
            /** @description The release or the rule */
            of?: string;
            words: string;
        };
        CaseDetail: {
            case: components["schemas"]["Case"];
            /** @description One a device */
            parts: {
                device: string;
                /** @enum {string} */
                state: "open" | "closed";
                owner: string | null;
                /** Format: date-time */
                learned_at: string;
                /** Format: date-time */
                opened: string;
                /** Format: date-time */
                closed_at: string | null;
            }[];
            releases: {
                device: string;
                release: string;
                id: components["schemas"]["Id"];
                /** @enum {string} */
                state: "affected" | "undecided" | "not affected" | "fixed";
                uncontrolled: boolean;
                /** @description The release that fixes it */
                fix: string | null;
                /** @description Units that still have it; null: it is not known */
                units_open: number | null;
            }[];
            decisions: {
                id: components["schemas"]["Id"];
                device: string;
                name: string;
                /** @enum {string} */
                state: "proposed" | "approved" | "rejected" | "superseded";
                status: string;
                risk: string;
                harm: string;
                author: string;
                /** Format: date-time */
                created: string;
            }[];
            deadlines: components["schemas"]["Deadline"][];
            /** @description Devices whose deadlines cannot be computed, because what is stored of them cannot be read; of these deadlines has only what was kept, and would_start nothing */
            not_computed: components["schemas"]["NotComputed"][];
            /** @description What has no deadline only because nobody has decided it */
            not_assessed: {
                /** @description Those that are undecided */
                releases: number;
                /**
                 * Format: date-time
                 * @description The soonest due of these deadlines that is not met
                 */
                soonest: string | null;
                /** @description The deadlines of the undecided releases if they were uncontrolled, from the case's learned_at */
                would_start: components["schemas"]["Deadline"][];
            };
            events: {
                id: components["schemas"]["Id"];
                device: string;
                event: string;
                /** Format: date-time */
                at: string;
                evidence: string | null;
                contents: string[];
                by: string;
                /** Format: date-time */
                recorded: string;
                /** @description The event that this one corrects */
                replaces: string | null;
                /** @description The correction of this one; null: it holds */
                replaced_by: string | null;
                /** @description It says that the event it replaces did not happen */
                taken_back: boolean;
                /** @description Of a correction */
                reason: string | null;
            }[];
            items: {
                id: components["schemas"]["Id"];
                /** @enum {string} */
                kind: "note" | "event" | "evidence" | "communication" | "statement";
                name: string;
                text: string;
                /** @description null: it is about the case as a whole */
                device: string | null;
                document: {
                    /** Format: digest */
                    digest: string;
                    bytes: number;
                } | null;
                by: string;
                /** Format: date-time */
                at: string;
            }[];
            /** @description What keeps it open */
            conditions: components["schemas"]["CaseCondition"][];
        };
        CaseRecorded: {
            case: components["schemas"]["Id"];
            /** @description Why it ends no deadline as it is, or that it ends one that had not begun */
            warning: string | null;
        };
        ComponentUse: {
            component: string;
            version: string | null;
            purl: string | null;
            package: string;
            /** @enum {string} */
            found_by: "name" | "package" | "known as";
            /** @enum {string} */
            verdict: "meant" | "undecided";
            /** @description It is undecided */
            why: string | null;
            /** @description The knowledge base has data on it */
            data: boolean;
            device: string;
            release: components["schemas"]["Id"];
            release_name: string;
            /** @enum {string} */
            state: "draft" | "released" | "withdrawn";
            /** Format: date */
            released: string | null;
            /** @description Places in the SBOM */
            uses: number;
        };
        ComponentUsePage: {
            items: components["schemas"]["ComponentUse"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            meant: number;
            /** @description Of all pages: a person must look */
            undecided: number;
            gaps: components["schemas"]["Gaps"];
        };
        FileUse: {
            algorithm: string;
            component: string;
            version: string | null;
            device: string;
            release: components["schemas"]["Id"];
            release_name: string;
            /** @enum {string} */
            state: "draft" | "released" | "withdrawn";
            /** Format: date */
            released: string | null;
        };
        FileUsePage: {
            items: components["schemas"]["FileUse"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        ReleaseComponent: {
            name: string;
            version: string | null;
            purl: string | null;
            package: string;
            /** @description false: the knowledge base has nothing on it, and that there is no finding says nothing */
            data: boolean;
            /** @description As the safety model has it where something is found */
            harm: string;
            /** @description Places in the SBOM */
            uses: number;
            findings: number;
        };
        ReleaseComponentPage: {
            items: components["schemas"]["ReleaseComponent"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        ConceptCounts: {
            yes: number;
            no: number;
            /** @description It is an answer that stays open */
            unknown: number;
            /** @description Not answered */
            open: number;
            /** @description Pointless for the class or by another answer; they count as no */
            not_asked: number;
            /** @description Answered with yes or unknown, though another answer makes it pointless */
            contradicted: number;
            /** @description Answers to questions of a pack that is not here */
            of_packs_not_read: number;
            stakeholders_open: number;
        };
        ConceptQuestion: {
            id: string;
            /** @description Such as therapy or interface, in whose order they are asked */
            subject: string;
            text: string;
            /** @description Why it is asked */
            why: string;
            /** @enum {string} */
            state: "yes" | "no" | "unknown" | "open" | "not asked";
            /** @description The question whose answer makes it pointless; without one the class does */
            because?: string;
            contradicted?: boolean;
            by?: string;
            /** Format: date-time */
            at?: string;
            note?: string;
        };
        ConceptStakeholder: {
            /** @enum {string} */
            stakeholder: "clinician" | "patient" | "hospital-it" | "service" | "production" | "supplier" | "regulatory";
            open: boolean;
            /** @description Why it is open, in words */
            state: string;
            /** @description A concern was raised after the sign-off */
            outdated?: boolean;
            concerns: number;
            /** @description Neither answered nor with an owner and a date */
            concerns_open: number;
            signed_by?: string;
            /** Format: date-time */
            signed_at?: string;
            sign_off_note?: string;
        };
        ConceptConcern: {
            /** @enum {string} */
            stakeholder: "clinician" | "patient" | "hospital-it" | "service" | "production" | "supplier" | "regulatory";
            concern: string;
            /** Format: date-time */
            raised: string;
            open: boolean;
            answer?: string;
            owner?: string;
            /** Format: date-time */
            due?: string;
        };
        ConceptHazard: {
            id: string;
            asset: string;
            /** @description What the safety engineer is asked */
            asks: string;
        };
        ConceptTopic: {
            id: string;
            /** @description Of a built-in rule */
            title?: string;
            /** @description Those whose answers lead to it */
            questions: string[];
        };
        ConceptInquiry: {
            id: string;
            text: string;
        };
        ConceptPack: {
            id: string;
            title?: string;
            file?: string;
            digest?: string;
            questions: number;
            /** @description false - its questions are not here, and its answers are not counted */
            read: boolean;
            /** @description false - it is, once one of its questions is answered */
            recorded: boolean;
            /** @description Other bytes than those that were recorded */
            differs?: boolean;
            licence: string;
        };
        Concept: {
            /** @description The number in the ETag, "v…" */
            version: string;
            /** @description false - there is no concept.yaml yet */
            recorded: boolean;
            /**
             * @description Without it every question is asked
             * @enum {string}
             */
            class?: "implant" | "wearable" | "bedside" | "imaging" | "cloud-only" | "software-only";
            /** @description Nothing is open */
            settled: boolean;
            counts: components["schemas"]["ConceptCounts"];
            questions: components["schemas"]["ConceptQuestion"][];
            stakeholders: components["schemas"]["ConceptStakeholder"][];
            discussions: components["schemas"]["ConceptConcern"][];
            hazards_to_judge: components["schemas"]["ConceptHazard"][];
            threats_to_consider: components["schemas"]["ConceptTopic"][];
            /** @description Sections of ANSI/NEMA HN 1-2019 */
            mds2: components["schemas"]["ConceptTopic"][];
            /** @description Questions to put to a hospital's IT */
            hospital_it: components["schemas"]["ConceptInquiry"][];
            packs: components["schemas"]["ConceptPack"][];
        };
        ConceptSeed: {
            /** @description Of the design that it would be added to */
            design_version: string;
            /** @description The members of model.yaml with what is added; null - there is nothing to add */
            model: {
                [key: string]: unknown;
            } | null;
            /** @description Ids of what is added */
            added: {
                zones: string[];
                elements: string[];
                flows: string[];
                views: string[];
            };
            /** @description What answers state of elements that are there, and the model does not or otherwise; to be looked at by hand */
            facts: string[];
            /** @description Questions answered with unknown; they add nothing and stay open */
            unknown: string[];
            /** @description What device.yaml may want, as YAML; empty - nothing */
            device: string;
        };
        Deadline: {
            /** @description Null: of a signal that is about none */
            device: string | null;
            /** @description Null: of a signal that is not confirmed */
            vulnerability: string | null;
            /** @description The id of the case; null: none is open on it */
            case: string | null;
            /** @description The id of the report that is to be acknowledged; null: it is of no report */
            signal: string | null;
            rule: string;
            title: string | null;
            /** @description Document and clause */
            source: string | null;
            jurisdiction: string | null;
            /** @enum {string} */
            state: "waiting" | "running" | "met" | "missed" | "waived" | "conditional";
            /** @description Something is still to be done */
            open: boolean;
            /** Format: date-time */
            start: string | null;
            /** @description No event says when the exploitation became known */
            start_assumed: boolean;
            /** Format: date-time */
            due: string | null;
            /** @description On the maker's wall */
            due_local: string | null;
            /** @description Where days begin and end: the maker's */
            zone: string;
            /**
             * Format: date-time
             * @description When everything was there
             */
            stopped: string | null;
            late_seconds: number | null;
            /** @description The event that meets it */
            meets: string | null;
            /** @description All evidence of the rule, the event that meets it first; empty: it is not known any more */
            needs: string[];
            /** @description Evidence that is not there */
            missing: string[];
            /** @description Why it is waived */
            note: string | null;
            /** @description false: device.yaml has no such deadline any more */
            listed: boolean;
        };
        NotComputed: {
            device: string;
            why: string;
        };
        DeadlinePage: {
            items: components["schemas"]["Deadline"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            /** @description Devices whose deadlines cannot be computed, because what is stored of them cannot be read; of these the list has only what was kept */
            not_computed: components["schemas"]["NotComputed"][];
            /** @description Findings without a decision that applies; none of their deadlines is in the list */
            not_assessed: {
                findings: number;
                exploited: number;
            };
            /** @description Rules that would concern a device and that are not counted */
            off: {
                device: string;
                rule: string;
                title: string;
                /** @description Document and clause */
                source: string;
                why: string;
            }[];
            /** @description Markets of which no deadline is known */
            unwatched_markets: {
                device: string;
                market: string;
                why: string;
            }[];
            /** @description Events that no deadline knows */
            unknown_events: {
                device: string;
                decision: string;
                event: string;
            }[];
            gaps: components["schemas"]["Gaps"];
        };
        WouldBeDeadline: {
            device: string;
            rule: string;
            title: string;
            source: string;
            /** @description The event that starts it */
            starts_at: string;
            /** @description Those without a decision that would start it */
            findings: number;
            /**
             * Format: date-time
             * @description The oldest of them
             */
            first_seen: string | null;
            /**
             * Format: date-time
             * @description What it would run from: first_seen, or the learned_at of a case on one of them where that is earlier
             */
            learned_at: string | null;
            /**
             * Format: date-time
             * @description If the maker learned of it at learned_at; null: it starts at another event
             */
            due: string | null;
            zone: string;
        };
        WouldBeDeadlinePage: {
            items: components["schemas"]["WouldBeDeadline"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            /** @description Devices whose deadlines cannot be computed, because what is stored of them cannot be read; they have findings without a decision */
            not_computed: components["schemas"]["NotComputed"][];
            gaps: components["schemas"]["Gaps"];
        };
        Decision: {
            id: components["schemas"]["Id"];
            device: string;
            /** @description Of its file in decisions/ */
            name: string;
            vulnerability: string;
            /** @enum {string} */
            state: "proposed" | "approved" | "rejected" | "superseded";
            status: string;
            risk: string;
            harm: string;
            /** @description As recorded: the id of a person or a key, or a part of the program */
            author: string;
            /** Format: date-time */
            created: string;
            /** @description Who approved it last */
            signed_by: string | null;
            /** Format: date-time */
            signed_at: string | null;
            /** @description To how many it applies now */
            findings: number;
            /** @description In how many it is open again */
            reopened: number;
            /** @description Of the row; its ETag */
            version: number;
        };
        DecisionPage: {
            items: components["schemas"]["Decision"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        DecisionDetail: {
            id: components["schemas"]["Id"];
            device: string;
            name: string;
            vulnerability: string;
            /** @enum {string} */
            state: "proposed" | "approved" | "rejected" | "superseded";
            status: string;
            risk: string;
            harm: string;
            author: string;
            /** Format: date-time */
            created: string;
            signed_by: components["schemas"]["MaybeText"];
            signed_at: components["schemas"]["MaybeTime"];
            findings: number;
            reopened: number;
            justification: components["schemas"]["MaybeText"];
            impact: components["schemas"]["MaybeText"];
            rationale: components["schemas"]["MaybeText"];
            exploitability: components["schemas"]["MaybeText"];
            decided_by: components["schemas"]["MaybeText"];
            decided_at: components["schemas"]["MaybeTime"];
            learned: components["schemas"]["MaybeTime"];
            expires: components["schemas"]["MaybeTime"];
            supersedes: components["schemas"]["MaybeText"];
            releases: string[];
            /** @description It is for later releases as well */
            carry: boolean;
            author_name: components["schemas"]["MaybeText"];
            /** @description How many persons other than its author approved this text */
            approvals: number;
            /** @description null: it cannot be said, what is stored of the device cannot be read; nothing can be approved then */
            needed: number | null;
            approved_by: {
                name: string;
                /** Format: date-time */
                at: string;
                zone: string;
            }[];
            premises: components["schemas"]["Premises"];
            /** @description What an approval is bound to */
            sha256: string;
            /** @description The decision as it is kept */
            text: string;
            version: number;
        };
        DecisionIds: {
            decisions: components["schemas"]["Id"][];
        };
        DecisionOutcome: {
            /** @enum {string} */
            state: "proposed" | "approved" | "rejected";
            approvals: number;
            /** @description How many persons must approve it: "1 of 2" is still proposed */
            needed: number;
            /** @description To how many it applies now */
            findings: number;
            releases: number;
            reopened: number;
            signature: components["schemas"]["MaybeText"];
        };
        OtherDecision: {
            id: components["schemas"]["Id"];
            name: string;
            /** @enum {string} */
            state: "proposed" | "approved";
            status: string;
            decided_by: components["schemas"]["MaybeText"];
            created: components["schemas"]["MaybeTime"];
            premises: components["schemas"]["Premises"];
        } | null;
        DryDecision: {
            finding: string;
            error: components["schemas"]["MaybeText"];
            supersedes: components["schemas"]["OtherDecision"];
            contradicts: components["schemas"]["OtherDecision"];
            warnings: string[];
            text?: string;
            sha256?: string;
            approvals_needed?: number;
            premises?: components["schemas"]["Premises"];
            /** @description Deadlines that it would start */
            starts?: components["schemas"]["Foreseen"][];
            /** @description All that would run */
            deadlines?: components["schemas"]["Foreseen"][];
            offered_to_more?: boolean;
            /** @description Devices of other families with the same vulnerability in the same package */
            offered_to?: {
                device: string;
                findings: number;
            }[];
        };
        DryRun: {
            /** @description All of them can be proposed */
            possible: boolean;
            /** @description Approved they would contradict each other or another one, and none would apply */
            conflict: string | null;
            decisions: components["schemas"]["DryDecision"][];
            /** @description Premises that are not the same in all of them */
            differs: string[];
            releases: {
                device: string;
                release: string;
                looked_at: boolean;
                applies: number;
                closes: number;
                opens: number;
            }[];
            applies: number;
            /** @description Releases */
            applies_in: number;
            closes: number;
            opens: number;
            statements: components["schemas"]["WouldState"][];
        };
        /** @description A statement that would be true of a release */
        WouldState: {
            device: string;
            release: string;
            vulnerability: string;
            status: string;
            justification?: components["schemas"]["MaybeText"];
            impact?: components["schemas"]["MaybeText"];
            action?: components["schemas"]["MaybeText"];
        };
        DesignSafetyRecord: {
            /** @description null - it is suggested */
            id: string | null;
            /** @enum {string} */
            kind: "threat" | "control";
            /** @description Key of the threat, id of the control */
            subject: string;
            text: string;
            /** @description The login */
            owner: string | null;
            /** @enum {string} */
            state: "suggested" | "open" | "closed";
            outcome: string | null;
            /** Format: date-time */
            opened: string | null;
            version: number | null;
        };
        DesignSafetyPage: {
            items: components["schemas"]["DesignSafetyRecord"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        DesignFinding: {
            element: string;
            /** @description Id of the component in the model */
            part: string;
            /** @description As of /v1/findings */
            id: string;
            vulnerability: string;
            severity: components["schemas"]["Severity"];
            /** @description CVSS; null: not stated */
            score: number | null;
            /** @description Known to be exploited */
            kev: boolean;
            component: string;
            component_version: string | null;
            purl: string | null;
            /** @enum {string} */
            verdict: "affected" | "undecided" | "not affected";
            /** @enum {string} */
            state: "not assessed" | "re-opened" | "proposed" | "carried" | "decided";
            /** @description As VEX has it */
            status: string;
            /** @enum {string} */
            risk: "under assessment" | "controlled" | "uncontrolled";
            harm: string;
            closed: boolean;
            /**
             * Format: date-time
             * @description The soonest
             */
            deadline: string | null;
        };
        DesignFindingPage: {
            items: components["schemas"]["DesignFinding"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            /** @description Its version */
            release: string;
            /** @description false - the release has none: nothing is known of its components */
            sbom: boolean;
            /** @description Open findings of components that the model puts into no element */
            unplaced: number;
            /** @description Components of the model that the SBOM does not have */
            absent: number;
            gaps: components["schemas"]["Gaps"];
        };
        DesignBaseline: {
            /** Format: id */
            id: string;
            name: string;
            /** Format: date-time */
            at: string;
            /** @description Printed name of who signed */
            by: string;
            zone: string;
            /**
             * Format: id
             * @description Id of the signature
             */
            signature: string;
            /**
             * Format: digest
             * @description SHA-256 of the document that was signed
             */
            digest: string;
        };
        DesignBaselinePage: {
            items: components["schemas"]["DesignBaseline"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        DesignBaselineDocument: {
            /** @constant */
            format: "tutela-design-baseline";
            format_version: number;
            device: string;
            name: string;
            release?: string;
            /** Format: date-time */
            at: string;
            files: {
                path: string;
                sha256: string;
            }[];
            packs: {
                id: string;
                version: string;
                sha256: string;
            }[];
            approved: {
                threat: string;
                sha256: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        DesignChange: {
            /** @enum {string} */
            change: "added" | "removed" | "changed";
            /** @description "flows"; missing - of the model itself */
            list?: string;
            id?: string;
            member?: string;
            /** @description As JSON for lists and maps; missing - not stated */
            before?: string;
            after?: string;
            /** @description A name, a title, a description */
            words: boolean;
        };
        DesignThreatSide: {
            outcome: string;
            severity: string;
            reach: number | null;
        } | null;
        DesignThreatChange: {
            /** @enum {string} */
            change: "added" | "removed" | "changed";
            key: string;
            title: string;
            before: components["schemas"]["DesignThreatSide"];
            after: components["schemas"]["DesignThreatSide"];
        };
        DesignDiff: {
            /** @constant */
            format: "tutela-threat-diff";
            format_version: number;
            tool: {
                [key: string]: unknown;
            };
            /** @description Nothing but words changed, and no threat and no question: unlikely to affect security */
            words_only: boolean;
            changes: components["schemas"]["DesignChange"][];
            threats: components["schemas"]["DesignThreatChange"][];
            questions: {
                before: number;
                after: number;
            };
        } & {
            [key: string]: unknown;
        };
        DesignView: {
            id: string;
            /** @enum {string} */
            kind: "global" | "multi-patient" | "updateability" | "use-case" | "other";
            title: string | null;
            /** @description Why it is empty or not applicable */
            reason: string | null;
            /** @description That it shows, the ends of its flows too */
            elements: string[];
            flows: string[];
        };
        DesignViewPage: {
            items: components["schemas"]["DesignView"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        DesignPathHop: {
            flow: string;
            from: string;
            to: string;
            /** @description A trust boundary; null - not known */
            crosses: boolean | null;
            /** @description Keys of those by which it is passed; none - what was forged is passed on */
            threats: string[];
            /** @description That are in place there */
            controls: string[];
        };
        DesignPath: {
            target: string;
            /** @enum {string} */
            state: "open" | "accepted" | "undecided" | "no open path" | "unreachable";
            /** @description Where the attacker begins; missing where nothing leads to the target */
            entry?: string;
            /** @description That it affects at one time; null - not known */
            patients: number | null;
            patients_at_least: boolean;
            /** @description The answer would be too long; ask for this target alone */
            path_left_out: boolean;
            path: components["schemas"]["DesignPathHop"][];
            /** @description Controls of which each alone opens a path when it is lost */
            opened_by_loss_of: string[];
            /** @description The fewest flows to close; only for one target */
            cut?: string[];
        };
        DesignPathEntry: {
            at: string;
            id?: string;
            position?: string;
        };
        DesignPaths: {
            /** @constant */
            format: "tutela-threat-paths";
            format_version: number;
            tool: {
                [key: string]: unknown;
            };
            /** @description The model states none */
            entries_assumed: boolean;
            entries: components["schemas"]["DesignPathEntry"][];
            targets: components["schemas"]["DesignPath"][];
            /** @description Open where no entry point leads to */
            open_threats_off_path: number;
            controls_tried: number;
            controls_not_tried: number;
        } & {
            [key: string]: unknown;
        };
        /** @description The members of model.yaml (docs/formats/model.md): zones, elements, flows, controls and so on */
        DesignModel: {
            [key: string]: unknown;
        };
        /** @description Where elements stand, {VIEW: {ELEMENT: {x, y}}} */
        DesignPositions: {
            [key: string]: unknown;
        };
        DesignAsset: {
            id: string;
            name: string;
            /** @description Part of safety and essential performance */
            essential: boolean;
            /** @description Ids of those that a loss of it may lead to */
            hazards: string[];
        };
        DesignHazard: {
            id: string;
            name: string;
            harm: string;
        };
        DesignPack: {
            id: string;
            version: string;
            /** @description SHA-256 of its text */
            digest: string;
        };
        Design: {
            /** @description The number in the ETag, "v…" */
            version: string;
            /** @description Which release it is about; null - all */
            release: string | null;
            /** @description The members of model.yaml; null where there is none, or it cannot be read */
            model: {
                [key: string]: unknown;
            } | null;
            /** @description Why what is stored cannot be read; a model that is saved takes its place */
            unread: string | null;
            positions: components["schemas"]["DesignPositions"];
            /** @description Of device.yaml */
            assets: components["schemas"]["DesignAsset"][];
            /** @description Of device.yaml */
            hazards: components["schemas"]["DesignHazard"][];
            /** @description Decisions on threats */
            dispositions: number;
            /** @description Of them, those that came with a folder and nobody approved here: they apply to nothing */
            proposed: number;
            packs: components["schemas"]["DesignPack"][];
        };
        DesignReason: {
            subject: string;
            /** @description As stated; null - not stated */
            value: string | null;
        };
        /** @description null - nobody has decided */
        DesignDisposition: {
            /** @enum {string} */
            outcome: "accepted" | "transferred" | "not-applicable";
            by: string;
            reason: string;
            labelling: string | null;
            /** Format: date */
            at: string | null;
            /** Format: date */
            until: string | null;
            /** @description By a person, here; one that came with a folder is not, and applies to nothing */
            approved: boolean;
        } | null;
        DesignThreat: {
            /** @description RULE@ELEMENT@FLOW */
            key: string;
            rule: string;
            title: string;
            /** @description Id of the element or flow */
            at: string;
            /** @description Of a flow, the one that it leads to */
            element: string;
            flow: string | null;
            /** @enum {string} */
            outcome: "unknown" | "open" | "unproven" | "mitigated" | "accepted" | "transferred" | "not-applicable";
            /**
             * @description Before a decision changed it
             * @enum {string}
             */
            derived: "unknown" | "open" | "unproven" | "mitigated" | "accepted" | "transferred" | "not-applicable";
            /** @enum {string} */
            stride: "S" | "T" | "R" | "I" | "D" | "E";
            /** @description 1 to 8, in the order of Appendix 1 */
            fda_category: number | null;
            /** @description Of the worst hazard; "unknown" - nobody stated it; null - none follows, or the letter has none of its own */
            severity: string | null;
            /** @description For a loss of confidentiality */
            privacy: string | null;
            /** @description Patients that one attack affects at one time; null - not known */
            reach: number | null;
            /** @description An upper bound, for the search was cut */
            reach_is_bound: boolean;
            /** @description Flows of the widest way */
            path: string[];
            exploit_before: number | null;
            exploit_after: number | null;
            risk_before: string;
            risk_after: string;
            /** @description What the rule says that helps */
            control: string | null;
            /** @description Of the model, that settle it or are claimed to */
            controls: string[];
            reasons: components["schemas"]["DesignReason"][];
            cwe: string[];
            capec: string[];
            emb3d: string[];
            attack_ics: string[];
            disposition: components["schemas"]["DesignDisposition"];
            /** @description Why the decision does not apply */
            reopened: string | null;
            /** @description Open ones of the components at the element; null - not known */
            findings: number | null;
        };
        DesignThreatPage: {
            items: components["schemas"]["DesignThreat"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            /** @description What is not known, listed apart: nothing of it is a threat or none */
            questions: number;
            /** @description Decisions that nobody approved here */
            proposed: number;
        };
        DesignQuestion: {
            /** @description Id of the element or flow */
            at: string;
            /** @description What is not stated */
            subject: string;
            text: string;
            rules: string[];
        };
        DesignQuestionPage: {
            items: components["schemas"]["DesignQuestion"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        DesignLint: {
            /** @enum {string} */
            level: "note" | "warning" | "error";
            rule: string;
            /** @description Of model.yaml; null - of a model that is not saved */
            line: number | null;
            /** @description It begins with the id of the place */
            message: string;
        };
        DesignCounts: {
            open: number;
            /** @description Mitigated without evidence, which counts as open */
            unproven: number;
            mitigated: number;
            accepted: number;
            transferred: number;
            not_applicable: number;
            questions: number;
            /** @description Decisions whose threat is not found any more */
            stale: number;
            proposed: number;
            lints: number;
        };
        DesignCheck: {
            /** @description Without those that are not applicable, the worst first */
            threats: components["schemas"]["DesignThreat"][];
            questions: components["schemas"]["DesignQuestion"][];
            lints: components["schemas"]["DesignLint"][];
            counts: components["schemas"]["DesignCounts"];
            /** @description Of one of them there are more than 5,000, of which the first are here; the counts are of all */
            more: boolean;
        };
        Device: {
            id: components["schemas"]["Id"];
            /** @description What device.yaml calls it */
            name: string;
            title: string;
            /** @description A build server has sent it and nobody has described it: without a safety model every harm is taken for the worst */
            intake: boolean;
            releases: number;
            /** @description Of the row; its ETag */
            version: number;
            /** Format: date-time */
            created: string;
        };
        DeviceDryRun: {
            /** @description What it takes away from the protection; if there is one */
            lowers: string[];
            /** @description Of these nothing is known */
            releases_without_sbom: number;
            releases: {
                release: string;
                /** @description False beyond 40 releases - what would be of it is not known */
                looked_at: boolean;
                /** @description By their risk as it is decided, else as it is proposed, they are counted */
                findings: number;
                uncontrolled_now: number;
                uncontrolled_then: number;
                to_uncontrolled: number;
                to_controlled: number;
                /** @description Whose decision holds now and not then */
                reopened: number;
            }[];
        };
        DeviceReplaced: {
            id: components["schemas"]["Id"];
            /** @description What device.yaml calls it */
            name: string;
            title: string;
            /** @description A build server has sent it and nobody has described it: without a safety model every harm is taken for the worst */
            intake: boolean;
            releases: number;
            /** @description Of the row; its ETag */
            version: number;
            /** Format: date-time */
            created: string;
            /** @description What was not compared, where the device.yaml that was replaced cannot be read by this version any more */
            warning: string | null;
        };
        DevicePage: {
            items: components["schemas"]["Device"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        DeviceFile: {
            path: string;
            sha256: string;
        };
        DeviceFilePage: {
            items: components["schemas"]["DeviceFile"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Draft: {
            subject: string;
            /** @description null: nothing was typed */
            content: string | null;
            /** @description 0: there is none */
            version: number;
            /** Format: date-time */
            changed: string | null;
            /** @description Who else has had the form open in the last two minutes */
            others: {
                name: string;
                /** Format: date-time */
                seen: string;
                typed: boolean;
            }[];
        };
        CountsWithout: {
            count: number;
            without: {
                /** @description What is left out */
                term: string;
                /** @description What is left */
                filter: string;
                count: number;
            }[];
            gaps: components["schemas"]["Gaps"];
        };
        Counts: {
            counts: number[];
            gaps: components["schemas"]["Gaps"];
        };
        /** @enum {string} */
        Severity: "unknown" | "none" | "low" | "medium" | "high" | "critical";
        Finding: {
            /** @description What GET /v1/findings/{vulnerability}/{component}/{release} has: the three, with "/" between them */
            id: string;
            vulnerability: string;
            severity: components["schemas"]["Severity"];
            /** @description CVSS; null: not stated */
            score: number | null;
            /** @description Known to be exploited */
            kev: boolean;
            /** @description The catalogues that say so, with "; " between them */
            exploited_by: string | null;
            epss: number | null;
            component: string;
            component_version: string | null;
            purl: string | null;
            device: string;
            release: string;
            /** @enum {string} */
            verdict: "affected" | "undecided" | "not affected";
            fixable: boolean;
            /** Format: date-time */
            first_seen: string;
            /** @enum {string} */
            state: "not assessed" | "re-opened" | "proposed" | "carried" | "decided";
            /** @description As VEX has it */
            status: string;
            /** @enum {string} */
            risk: "under assessment" | "controlled" | "uncontrolled";
            harm: string;
            closed: boolean;
            /**
             * Format: date-time
             * @description The soonest
             */
            deadline: string | null;
        };
        FindingPage: {
            items: components["schemas"]["Finding"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        Vulnerability: {
            name: string;
            severity: components["schemas"]["Severity"];
            score: number | null;
            kev: boolean;
            /** @description The catalogues that say that it is exploited, with "; " between them */
            exploited_by: string | null;
            epss: number | null;
            /** @description One of its components */
            component: string;
            component_version: string | null;
            /** @description Of one of its findings the verdict is undecided */
            undecided: boolean;
            /** @description Somewhere */
            fixable: boolean;
            /** Format: date-time */
            first_seen: string;
            /**
             * @description The least assessed
             * @enum {string}
             */
            state: "not assessed" | "re-opened" | "proposed" | "carried" | "decided";
            /**
             * @description The worst
             * @enum {string}
             */
            risk: "under assessment" | "controlled" | "uncontrolled";
            /** @description The worst */
            harm: string;
            /** Format: date-time */
            deadline: string | null;
            /** @description Of one of its releases */
            device: string;
            release: string;
            /** @description In all */
            releases: number;
            components: number;
            findings: number;
        };
        VulnerabilityPage: {
            items: components["schemas"]["Vulnerability"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        MaybeText: string | null;
        /** Format: date-time */
        MaybeTime: string | null;
        /** @enum {string} */
        Loss: "confidentiality" | "integrity" | "availability";
        MatrixCell: {
            band: string;
            harm: string;
            /** @description null: the policy does not say, which counts as uncontrolled */
            risk: string | null;
            /** @description Findings of the release that are open and in this cell */
            open?: number;
        };
        Premises: {
            component: components["schemas"]["MaybeText"];
            version: components["schemas"]["MaybeText"];
            advisory: components["schemas"]["MaybeText"];
            source: components["schemas"]["MaybeText"];
            advisory_modified: components["schemas"]["MaybeTime"];
            kev: boolean | null;
            score: number | null;
            epss: number | null;
        };
        Foreseen: {
            rule: string;
            title: string;
            /** @description Document and clause */
            source: string;
            jurisdiction: string | null;
            state: string;
            /** @description It does not run yet */
            would_start: boolean;
            start: components["schemas"]["MaybeTime"];
            due: components["schemas"]["MaybeTime"];
            stopped: components["schemas"]["MaybeTime"];
            lacking: string[];
            note: components["schemas"]["MaybeText"];
        };
        ChainLink: {
            component: string;
            version: components["schemas"]["MaybeText"];
            /** @description null: no asset of it is known, or it serves none (harm none) */
            asset: {
                id: string;
                title: string;
                harmless: boolean;
                rationale: components["schemas"]["MaybeText"];
            } | null;
            hazard: {
                id: string;
                title: string;
                reference: components["schemas"]["MaybeText"];
            } | null;
            loss: components["schemas"]["Loss"][];
            /** @description unknown: the model does not say, and the worst is taken */
            harm: string;
            /** @description The vulnerability can cause this loss */
            counts: boolean;
            decides: boolean;
        };
        EarlierDecision: {
            id: components["schemas"]["Id"];
            name: string;
            /** @enum {string} */
            state: "proposed" | "approved" | "rejected" | "superseded";
            status: string;
            risk: string;
            author: string;
            /** Format: date-time */
            created: string;
            signed_by: components["schemas"]["MaybeText"];
            signed_at: components["schemas"]["MaybeTime"];
            /** @description Proposed or approved: neither rejected nor superseded by another text of its name */
            current: boolean;
            names_release?: boolean;
            /** @description All its premises are still so for this finding */
            valid?: boolean;
            /** @description The first premise that has changed */
            changed?: string | null;
            changed_why?: components["schemas"]["MaybeText"];
            changed_since?: components["schemas"]["MaybeTime"];
            justification?: components["schemas"]["MaybeText"];
            impact?: components["schemas"]["MaybeText"];
            rationale?: components["schemas"]["MaybeText"];
            decided_by?: components["schemas"]["MaybeText"];
            decided_at?: components["schemas"]["MaybeTime"];
            expires?: components["schemas"]["MaybeTime"];
            premises?: components["schemas"]["Premises"];
        };
        SupplierStatement: {
            status: string | null;
            justification: components["schemas"]["MaybeText"];
            impact: components["schemas"]["MaybeText"];
            author: components["schemas"]["MaybeText"];
            /** @description The policy names its author */
            trusted: boolean;
            applies: boolean;
            outcome: string;
            why: string;
            /** @description As written */
            said: string | null;
            file: components["schemas"]["MaybeText"];
        };
        FindingDetail: {
            id: string;
            release: {
                id: components["schemas"]["Id"];
                device: string;
                title: string;
                name: string;
                state: string;
                /** @description false: lists do not know yet of something that changed; this answer does */
                settled: boolean;
            };
            component: {
                id: string;
                name: string;
                version: components["schemas"]["MaybeText"];
                purl: components["schemas"]["MaybeText"];
            };
            /** @description Where the SBOM has it, at most 50 places */
            where: {
                component: components["schemas"]["SbomComponent"];
                /** @description Names, from the outermost down */
                path: string[];
            }[];
            places: number;
            vulnerability: {
                name: string;
                title: components["schemas"]["MaybeText"];
                disputed: boolean;
                rejected: boolean;
                aliases: string[];
                cwes: string[];
                references: string[];
                severity: string;
                /** @description null: no record states one */
                score: components["schemas"]["Score"] | null;
                /** @description All that a record states */
                scores: components["schemas"]["Score"][];
                /** @description In the catalogue of CISA */
                kev: Record<string, unknown> | null;
                epss: {
                    /** @description A probability, from 0 to 1 */
                    score: number;
                    percentile?: number;
                } | null;
                /** @description By catalogue. None: none of the catalogues in the knowledge base lists it */
                exploited: {
                    catalogue: string;
                    date_added: components["schemas"]["MaybeText"];
                    origin?: string;
                    record: string;
                    ransomware: boolean;
                    due_date?: string;
                    due_date_scheme?: string;
                    withdrawn: boolean;
                    withdrawn_at?: components["schemas"]["MaybeText"];
                }[];
            };
            /** @enum {string} */
            verdict: "affected" | "undecided" | "not affected";
            reason: string;
            explanation: string;
            statement: components["schemas"]["MaybeText"];
            fixed: components["schemas"]["MaybeText"];
            evidence: components["schemas"]["Evidence"][];
            /** @enum {string} */
            state: "not assessed" | "decided" | "carried" | "re-opened" | "supplier";
            assessed: boolean;
            closed: boolean;
            since: components["schemas"]["MaybeTime"];
            /** @description The one that applies, or was re-opened */
            decision: string | null;
            reopened_by: components["schemas"]["MaybeText"];
            reopened_why: components["schemas"]["MaybeText"];
            status: string;
            risk: string;
            harm: string;
            /** @description A decision that would apply when it is approved */
            proposed: {
                decision: string;
                status: string;
                risk: string;
                harm: string;
            } | null;
            /** @description Decisions contradict each other: approved ones then do not apply */
            conflict: string | null;
            proposal: {
                /** @description A band of the policy */
                exploitability: string;
                level: number;
                facts: {
                    name: string;
                    text: string;
                    /** @description After it */
                    level: number;
                }[];
                harm: string;
                /** @description The model does not say, and the worst is taken */
                harm_unknown: boolean;
                harm_why: string;
                privacy: string;
                privacy_why: string;
                risk: string;
                risk_why: string;
                response: string;
                losses: components["schemas"]["Loss"][];
                chain: components["schemas"]["ChainLink"][];
            };
            matrix: components["schemas"]["MatrixCell"][];
            learned: components["schemas"]["MaybeTime"];
            deadlines: components["schemas"]["Foreseen"][];
            /** @description Those that would start */
            if_uncontrolled: components["schemas"]["Foreseen"][];
            markets_without_rules: {
                market: components["schemas"]["MaybeText"];
                why: string;
            }[];
            premises: components["schemas"]["Premises"];
            decisions: components["schemas"]["EarlierDecision"][];
            statements: components["schemas"]["SupplierStatement"][];
            knowledge_base: {
                sha256: string;
                newest: components["schemas"]["MaybeTime"];
                oldest_source: {
                    source: string;
                    database: components["schemas"]["MaybeText"];
                    newest: components["schemas"]["MaybeTime"];
                } | null;
            };
        };
        Score: {
            version?: string;
            /** @description Missing: the record states a severity and no number */
            base?: number;
            /** @description From the vector */
            computed?: boolean;
            severity: string;
            stated_severity?: string;
            vector?: string;
            scorer?: string;
            source: string;
            record: string;
        };
        /** @description A record that says something of it, as outputs of the program have it */
        Evidence: {
            decisive: boolean;
            verdict: string;
            reason: string;
            record?: string;
            source?: string;
            record_date?: string | null;
            by: string;
            identifier?: string | null;
            version?: string | null;
            about?: string | null;
            scheme?: string | null;
            range?: string | null;
            vers?: string | null;
            fixed?: string | null;
        };
        Policy: {
            device: string;
            /** @description Of device.yaml */
            version: number;
            /** @description The version that the document has */
            policy: string;
            approved_by: components["schemas"]["MaybeText"];
            approved_at: components["schemas"]["MaybeTime"];
            bands: {
                name: string;
                from: number;
            }[];
            matrix: components["schemas"]["MatrixCell"][];
            acceptance: components["schemas"]["MaybeText"];
            epss_high: number;
            score_raise: number;
            decision_days: number;
            undecided_days: number;
            /** @description How many persons other than the author must approve a decision */
            approvals: number;
            deciders: string[];
            trusted_suppliers: string[];
            time_zone: components["schemas"]["MaybeText"];
        };
        ReportSettings: {
            /** @description Whether a form is wanted */
            form: boolean;
            /** @description Whether there is one at /report: it is wanted, and a contact is set */
            open: boolean;
            /** @description Calendar days from when it was learned */
            acknowledge_days: number;
            /** @description How many reports are taken in an hour by each way */
            per_hour: number;
            contact: string;
            key: string;
            words: string;
            /** @description Its ETag */
            version: number;
        };
        ReportSettingsPut: {
            form: boolean;
            /** @description 7, where it is not given */
            acknowledge_days?: number;
            /** @description 60, where it is not given */
            per_hour?: number;
            /** @description A mail address that the form names; without one there is no form */
            contact?: string;
            /** @description A public key of OpenPGP as text, which the form offers */
            key?: string;
            /** @description Of the maker, above the form */
            words?: string;
            reason?: string;
        };
        Accepted: {
            job: components["schemas"]["Id"];
        };
        InUse: {
            current: boolean;
        };
        Intelligence: {
            /** @description The one in use; null: none, so nothing is known */
            knowledge_base: {
                digest: string;
                /** @description It is only the built-in one, a small selection */
                starter: boolean;
                /**
                 * Format: date-time
                 * @description Of its records
                 */
                newest: string;
                age_seconds: number;
                bytes?: number;
                vulnerabilities: number;
                advisories?: number;
                packages?: number;
                products?: number;
            } | null;
            /** @description Enabled sources that are stale, failed or were never fetched */
            late_sources: number;
            /** @description null: only when somebody asks */
            sync_every_seconds: number | null;
            /** Format: date-time */
            next_sync: string | null;
            /** @description What the last other knowledge base brought for the whole portfolio; null: nothing yet, or not all of it is seen */
            last_change: {
                /** Format: date-time */
                at?: string | null;
                /** @description Components that were matched again */
                matched?: number;
                /** @description Whose texts or scores were replaced */
                vulnerabilities?: number;
                facts_added?: number;
                facts_changed?: number;
                facts_removed?: number;
                new_findings?: number;
                /** @description Releases with a new finding */
                new_releases?: number;
                /** @description Of the new findings */
                worst_harm?: string;
            } | null;
        };
        Source: {
            name: string;
            /** @description What it knows */
            gives: string;
            /** @description A sync fetches it */
            enabled: boolean;
            /** @enum {string} */
            freshness: "fresh" | "stale" | "failed" | "failed, stale" | "never fetched" | "clock?";
            /** Format: date-time */
            last_success: string | null;
            /** Format: date-time */
            last_attempt: string | null;
            /** @description null: the last attempt went well */
            last_error: string | null;
            /** @description After which it is stale */
            max_age_seconds: number;
            records: number;
            bytes: number;
        };
        SourcePage: {
            items: components["schemas"]["Source"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Job: {
            id: components["schemas"]["Id"];
            kind: string;
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled" | "quarantined";
            attempts: number;
            /** @description 0 to 1000 */
            progress: number;
            result: string | null;
            /** @description What went wrong the last time */
            error: string | null;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            finished: string | null;
        };
        JobPage: {
            items: components["schemas"]["Job"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Key: {
            id: components["schemas"]["Id"];
            label: string;
            rights: string[];
            /** @description The login of its person; null for that of a machine */
            user: string | null;
            /** @description The team whose devices a machine sees */
            team: string | null;
            /** @description It is a machine's that sees all devices */
            everything: boolean;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            expires: string | null;
            /** Format: date-time */
            revoked: string | null;
        };
        KeyPage: {
            items: components["schemas"]["Key"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        KeyNew: {
            label: string;
            rights: ("read" | "push")[];
            /** @description The login or id of its person */
            user?: string;
            /** @description The name or id of the team whose devices a machine sees */
            team?: string;
            /** @description A machine that sees all devices; one of the three is given */
            everything?: boolean;
            /** @description After which it expires */
            days: number;
            reason?: string;
        };
        KeyMade: {
            id: components["schemas"]["Id"];
            secret: string;
        };
        LedgerRecord: {
            /** @description Its number; null for who does not see everything */
            n: number | null;
            /** Format: date-time */
            at: string;
            actor: string;
            /** @description The name of a person; null: none is known, or it was erased */
            actor_name: string | null;
            action: string;
            subject: string;
            /** @description What the id in the subject means: of a release its device and version, of a signal its title, of a signature who signed what; null: the subject says it, or it is gone */
            subject_name: string | null;
            /** @description Of what is part of something - a signature, a baseline, a record of safety - the subject that it is about */
            subject_of: string | null;
            /** @description What the record says: before, after, reason */
            body: unknown;
            /** @description As the number */
            hash: string | null;
        };
        LedgerPage: {
            items: components["schemas"]["LedgerRecord"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        LedgerOne: {
            n: number;
            /** Format: date-time */
            at: string;
            /** @description The same in microseconds since 1970 */
            at_us?: number;
            actor: string;
            actor_name?: string | null;
            action: string;
            subject: string;
            body: unknown;
            hash: string;
            /** @description Of the record before; zeros for the first */
            previous_hash: string;
            /** @description Of the next record; null: this is the last one */
            next_hash: string | null;
            /** @description Its hash is that of its contents and of the record before */
            follows: boolean;
            /** @description Number of the first checkpoint that vouches for it; null: none yet */
            checkpoint: number | null;
        };
        LedgerVerdict: {
            sound: boolean;
            /** @description A word for programs */
            fault: string;
            /** @description The first record that is wrong */
            bad?: number;
            /** @description 1 to this one are a chain */
            records: number;
            /** @description 1 to this one are vouched for by checkpoints that were kept elsewhere: none is given here */
            proven: number;
            text: string;
        };
        Checkpoint: {
            /** @description The record that it is of */
            n: number;
            /** Format: date-time */
            at: string;
            hash: string;
            /** @description By which it is signed */
            key: string;
            /** Format: date-time */
            exported: string | null;
        };
        CheckpointPage: {
            items: components["schemas"]["Checkpoint"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Signature: {
            id: components["schemas"]["Id"];
            person: components["schemas"]["Id"];
            /** @description As it was printed */
            name: string;
            /** @enum {string} */
            meaning: "authorship" | "review" | "approval" | "responsibility";
            subject: string;
            /** @description SHA-256 of what was signed */
            content: string;
            /** Format: date-time */
            at: string;
            zone: string;
            /** @description What somebody else did to the signer's credentials in the week before: it can be that they signed */
            credential_resets: components["schemas"]["CredentialReset"][];
        };
        SignaturePage: {
            items: components["schemas"]["Signature"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Mailbox: {
            on: boolean;
            host?: string;
            port?: number;
            security?: string;
            user?: string;
            folder?: string;
            ca?: string;
            /** @description Its ETag */
            version: number;
        };
        MailboxPut: {
            on: boolean;
            host?: string;
            /** @description 993, where it is not given */
            port?: number;
            /**
             * @description tls, where it is not given
             * @enum {string}
             */
            security?: "tls" | "starttls";
            user?: string;
            /** @description Kept sealed and never shown; as it is, where it is not given */
            password?: string;
            /** @description INBOX, where it is not given */
            folder?: string;
            /** @description Certificates as PEM; the system's, where it is not given */
            ca?: string;
            reason?: string;
        };
        Setup: {
            /** @description Nobody administrates yet */
            open: boolean;
        };
        SetupUse: {
            token: string;
            login: string;
            /** @description As it is printed on what the person signs */
            name: string;
            mail?: string;
            password: string;
        };
        PersonRef: {
            id: components["schemas"]["Id"];
        };
        SignIn: {
            login: string;
            password: string;
            code?: string;
        };
        Proof: {
            password: string;
            code?: string;
        };
        PasswordChange: {
            password: string;
            code?: string;
            new_password: string;
        };
        SessionBegun: {
            session: components["schemas"]["Id"];
            /** @description For the header X-CSRF-Token */
            csrf: string;
            /**
             * Format: date-time
             * @description However much it is used
             */
            expires: string;
            /** @description Somebody else set the password: nothing can be done before PUT /v1/me/password */
            one_time_password: boolean;
            /** @description Of the last seven days; show them to the person */
            credential_resets: components["schemas"]["CredentialReset"][];
        };
        CredentialReset: {
            /**
             * @description What somebody else did: set the password, took the second factor away, linked an account of the provider
             * @enum {string}
             */
            what: "password" | "factor" | "account";
            /** @description The actor of the record */
            by: string;
            /** Format: date-time */
            at: string;
        };
        Proven: {
            /** Format: date-time */
            until: string;
        };
        FactorStarted: {
            /** @description otpauth://…, to be shown as a QR code */
            uri: string;
        };
        FactorCode: {
            code: string;
        };
        RecoveryCodes: {
            codes: string[];
        };
        Me: {
            /** @enum {string} */
            by: "session" | "key";
            id?: components["schemas"]["Id"];
            login?: string;
            name?: string;
            /** @enum {string} */
            role?: "viewer" | "analyst" | "approver" | "administrator" | "auditor" | "customer";
            teams?: string[];
            key?: components["schemas"]["Id"];
            /** @description What operations they may ask for */
            classes: string[];
            /** @description They see all devices */
            everything: boolean;
            session?: components["schemas"]["Id"];
            /** @description For the header X-CSRF-Token */
            csrf?: string;
            /** @enum {string} */
            strength?: "password" | "two-factors" | "provider";
            /**
             * Format: date-time
             * @description When they last proved who they are
             */
            proven?: string | null;
            /**
             * Format: date-time
             * @description When the session ends if it is not used
             */
            expires?: string;
            password?: boolean;
            /** @description Nothing can be done before PUT /v1/me/password */
            one_time_password?: boolean;
            credential_resets?: components["schemas"]["CredentialReset"][];
            second_factor?: boolean;
            /** @description How many are left */
            recovery_codes?: number;
        };
        Session: {
            id: components["schemas"]["Id"];
            /** @description What the browser calls itself */
            agent: string;
            /** @enum {string} */
            strength: "password" | "two-factors" | "provider" | "none";
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            used: string;
            /** Format: date-time */
            expires: string;
            /** @description The session that asks */
            current: boolean;
        };
        SessionPage: {
            items: components["schemas"]["Session"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        MyKeyNew: {
            label: string;
            /** @description All that the role allows, where they are not given */
            rights?: ("read" | "push")[];
            /** @description After which it expires */
            days: number;
            reason?: string;
        };
        Channel: {
            id: components["schemas"]["Id"];
            name: string;
            /** @enum {string} */
            kind: "mail" | "webhook" | "slack" | "teams";
            /** @description Of the address, which is not shown; null: mail */
            host: string | null;
            /** @description A login */
            person: string | null;
            /** @description Whose devices it is about; null with person null: all devices */
            team: string | null;
            /** @enum {string} */
            state: "on" | "off";
            version: number;
            /** Format: date-time */
            created: string;
        };
        ChannelMade: {
            id: components["schemas"]["Id"];
            /** @description Of a webhook */
            secret?: string | null;
        };
        ChannelSecret: {
            secret: string;
        };
        ChannelNew: {
            name: string;
            /** @enum {string} */
            kind: "mail" | "webhook" | "slack" | "teams";
            url?: string | null;
            /** @description A login or public id; of mail */
            person?: string | null;
            team?: string | null;
            /** @enum {string} */
            state?: "on" | "off";
        };
        ChannelPut: {
            name: string;
            url?: string | null;
            /** @enum {string} */
            state?: "on" | "off";
        };
        ChannelPage: {
            items: components["schemas"]["Channel"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        NotificationRule: {
            id: components["schemas"]["Id"];
            name: string;
            channel: components["schemas"]["Id"];
            /** @description With spaces; empty: all */
            events: string;
            device: string | null;
            /** @enum {string|null} */
            severity: "low" | "medium" | "high" | "critical" | null;
            /** @enum {string|null} */
            harm: "negligible" | "minor" | "serious" | "critical" | "catastrophic" | null;
            within_hours: number;
            /** @enum {string} */
            delivery: "now" | "day" | "week";
            minute: number;
            weekday: number;
            zone: string;
            quiet_from: number;
            quiet_to: number;
            urgent: boolean;
            gap_seconds: number;
            /** @enum {string} */
            state: "on" | "off";
            version: number;
            /** Format: date-time */
            created: string;
        };
        NotificationRulePut: {
            name: string;
            channel: components["schemas"]["Id"];
            /** @description Kinds of events with spaces between them; without: all */
            events?: string | null;
            /** @description A name; without: all that the channel is about */
            device?: string | null;
            /**
             * @description At least; what is not known passes
             * @enum {string|null}
             */
            severity?: "low" | "medium" | "high" | "critical" | null;
            /**
             * @description At least; what is not known passes
             * @enum {string|null}
             */
            harm?: "negligible" | "minor" | "serious" | "critical" | "catastrophic" | null;
            /** @description Before a deadline; 0: 24 */
            within_hours?: number;
            /** @enum {string} */
            delivery?: "now" | "day" | "week";
            /** @description Of the day at which a digest leaves */
            minute?: number;
            /** @description 0 is Sunday */
            weekday?: number;
            /** @description Such as Europe/Berlin; without: UTC */
            zone?: string | null;
            quiet_from?: number;
            /** @description The same as quiet_from: there are no quiet hours */
            quiet_to?: number;
            /** @description Deadlines and critical findings leave at once */
            urgent?: boolean;
            /** @description Between two messages */
            gap_seconds?: number;
            /** @enum {string} */
            state?: "on" | "off";
        };
        NotificationRulePage: {
            items: components["schemas"]["NotificationRule"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        NotificationPreview: {
            text: string;
            html: string;
            items: number;
            /** @description That were too many to be kept */
            dropped: number;
        };
        Notification: {
            id: components["schemas"]["Id"];
            /** @description rule, test, or access.… about the person's own account */
            kind: string;
            channel: string | null;
            rule: string | null;
            /** @description A login */
            person: string | null;
            /**
             * @description nothing: there was nothing in it that its reader may see, or nobody to read it
             * @enum {string}
             */
            state: "waiting" | "sent" | "nothing" | "quarantined";
            attempts: number;
            /** @description Of the last attempt */
            error: string | null;
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            done: string | null;
        };
        NotificationPage: {
            items: components["schemas"]["Notification"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        MailSetting: {
            enabled: boolean;
            version: number;
            host?: string;
            port?: number;
            /** @enum {string} */
            security?: "starttls" | "tls" | "plain";
            user?: string;
            /** @description Whether there is one */
            password?: boolean;
            from?: string;
            from_name?: string;
        };
        MailSettingPut: {
            enabled: boolean;
            host?: string;
            port?: number;
            /** @enum {string} */
            security?: "starttls" | "tls" | "plain";
            user?: string | null;
            password?: string | null;
            from?: string;
            from_name?: string | null;
        };
        CalendarState: {
            /** Format: date-time */
            made: string | null;
        };
        CalendarMade: {
            path: string;
            /** @description null: the service does not know its own address (public-url) */
            url: string | null;
        };
        Posture: {
            device: string;
            title: string;
            releases: number;
            drafts: number;
            /** @description Released and still offered */
            in_field: number;
            /** @description No longer offered; units may be in use */
            withdrawn: number;
            /** @description Released, and nothing is known of what is in them */
            without_sbom: number;
            /** @description Released, and the SBOM lists no components - nothing is known of what is in them either */
            without_components: number;
            /** @description Released, and the knowledge base has nothing on any component of their SBOM; those without components, too */
            releases_without_data: number;
            /** @description Releases whose findings do not know yet of something that changed */
            unsettled: number;
            /** @description Distinct ones in releases that were released */
            components: number;
            without_version: number;
            without_purl: number;
            /** @description The knowledge base has nothing on them - that there is no finding says nothing */
            without_data: number;
            findings: number;
            affected: number;
            undecided: number;
            /** @description Decided so */
            uncontrolled: number;
            /** @description Decided so */
            controlled: number;
            /** @description Decided: not affected, or fixed */
            closed: number;
            reopened: number;
            /** @description Not decided yet */
            proposed: number;
            not_assessed: number;
            /** @description Found 30 days ago or earlier */
            not_assessed_30: number;
            not_assessed_90: number;
            /**
             * Format: date-time
             * @description not_assessed_30 are those that were first seen before - "seen-before:" of a filter
             */
            seen_before_30: string;
            /**
             * Format: date-time
             * @description Likewise
             */
            seen_before_90: string;
            /** Format: date-time */
            next_deadline: string | null;
            /** @description The vulnerability that it is about */
            next_deadline_of: string | null;
            /** @description Drafts of which nothing is known */
            draft_without_sbom: number;
            /** @description Drafts whose SBOM lists none */
            draft_without_components: number;
            /** @description Drafts, as releases_without_data */
            draft_releases_without_data: number;
            /** @description Drafts */
            draft_unsettled: number;
            /** @description Distinct ones in drafts */
            draft_components: number;
            /** @description Of those; the knowledge base has nothing on them */
            draft_without_data: number;
            /** @description Of drafts; not among findings */
            draft_findings: number;
            draft_affected: number;
            draft_undecided: number;
            draft_not_assessed: number;
        };
        PosturePage: {
            items: components["schemas"]["Posture"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        CsafProvider: {
            /** @description false: nobody has said who publishes, and nothing is answered */
            enabled: boolean;
            /** @description Its ETag */
            version: number;
            /** @description Devices whose documents name another publisher */
            warnings: string[];
            publisher?: {
                name: string;
                namespace: string;
                contact_details: string;
                issuing_authority: string;
            };
            security?: {
                contacts: string[];
                encryption: string;
                acknowledgments: string;
                policy: string;
                languages: string;
            };
            list_on_aggregators?: boolean;
            mirror_on_aggregators?: boolean;
            signing: {
                /** @description Of the key that signs here */
                fingerprint: string | null;
                /** @description Why nothing is signed */
                why_not: string | null;
                /** @description Documents that are published without a signature; while there is one the role is that of a provider */
                unsigned: number;
            };
            /** @description Fingerprints of all keys, the oldest first */
            keys: string[];
        };
        Publication: {
            artifact: components["schemas"]["Id"];
            /** @enum {string} */
            kind: "release" | "sbom" | "file";
            /** @description Of a file */
            path: string | null;
            /** @description What it is: release, bom, or of a file */
            type: string;
            /** @enum {string} */
            level: "public" | "customer" | "internal";
            /** @description Of its content */
            revision: number;
            /** @description false: what is stored is another by now; publish it again to offer that */
            current: boolean;
            /** @description The media type */
            media: string | null;
            sha256: string | null;
            bytes: number | null;
            /** Format: date-time */
            since: string;
        };
        PublicationPage: {
            items: components["schemas"]["Publication"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Pushed: {
            device: string;
            /** @description Why nothing was pushed */
            refused?: string;
            /** @enum {string} */
            device_yaml: "new" | "changed" | "as before";
            sboms: number;
            files: number;
            /** @description Proposed */
            decisions: number;
            /** @description Files that are newer in the store */
            newer: number;
            /** @description Decisions that stayed as they are */
            kept: number;
            clashes: string[];
            notes: string[];
            /** @description The text of .tutela-push.json from now on */
            agreement: string | null;
        };
        PullRefused: {
            device: string;
            refused: string;
            files: number;
            clashes: string[];
        };
        Release: {
            id: components["schemas"]["Id"];
            device: string;
            /** @description Its version as device.yaml has it */
            name: string;
            /** @enum {string} */
            state: "draft" | "released" | "withdrawn";
            /** Format: date */
            released: string | null;
            /** Format: date */
            support_end: string | null;
            /** @description false: nothing is known of what is in it, and what follows from that is null */
            has_sbom: boolean;
            locked: boolean;
            /** @description false: something changed of which its findings do not know yet; null: there is no SBOM */
            settled: boolean | null;
            /** @description Distinct ones of its SBOM; null: there is none */
            components: number | null;
            /** @description Of those; the knowledge base has nothing on them - that there is no finding says nothing */
            components_without_data: number | null;
            /** @description null: not known, for there is no SBOM, or no data on any component of it */
            findings: number | null;
            affected: number | null;
            undecided: number | null;
            /** @description Of the row; its ETag */
            version: number;
        };
        ReleasePage: {
            items: components["schemas"]["Release"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        DeviceMetrics: {
            device: string;
            /** Format: date-time */
            at: string;
            /** @description Findings without a decision that applies; none of them is measured */
            not_assessed: number;
            windows: {
                /** @description null: all, or in the last place of those whose time is not recorded */
                year: number | null;
                recorded: number;
                not_affected: number;
                patched: number;
                open: number;
                fixed_before: number;
                fix_undated: number;
                /** @description A fix is available; whether it is installed is not known */
                fix_out: number;
                /** @description Seconds from learning of it to the first fix; null: nothing was measured */
                to_fix: {
                    count: number;
                    mean: number;
                    median: number;
                    p90: number;
                } | null;
            }[];
        };
        Variant: {
            name: string;
            /** @description Its device identifier */
            udi_di: string | null;
            model: string | null;
            markets: string[];
        };
        VariantPage: {
            items: components["schemas"]["Variant"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Hazard: {
            id: string;
            title: string;
            severity: string;
            /** @description Into the risk management file */
            reference: string | null;
            /** @description Of device.yaml */
            line: number;
        };
        HazardPage: {
            items: components["schemas"]["Hazard"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Asset: {
            id: string;
            title: string;
            function: string;
            privacy: string;
            hazards: components["schemas"]["HazardLink"][];
            /** @description The analysis found no hazard */
            harmless: boolean;
            /** @description Part of safety and essential performance */
            essential: boolean;
            rationale: string | null;
            line: number;
        };
        AssetPage: {
            items: components["schemas"]["Asset"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        ComponentLink: {
            selector: components["schemas"]["Selector"];
            assets: string[];
            /** @description It serves none */
            no_asset: boolean;
            /** @description No interface leads to it */
            unreachable: boolean;
            rationale: string | null;
            line: number;
        };
        ComponentLinkPage: {
            items: components["schemas"]["ComponentLink"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Interface: {
            id: string;
            title: string;
            kind: string;
            /** @description null is not stated, and taken as far */
            range_cm: number | null;
            /** @description Not in fielded devices */
            disabled: boolean;
            reaches: components["schemas"]["Selector"][];
            line: number;
        };
        InterfacePage: {
            items: components["schemas"]["Interface"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        Control: {
            id: string;
            title: string;
            /** @enum {string} */
            state: "in-place" | "compensating" | "planned";
            lowers_exploitability: number;
            lowers_harm: number;
            components: components["schemas"]["Selector"][];
            interfaces: string[];
            /** @description null - without evidence it lowers nothing */
            evidence: string | null;
            line: number;
        };
        ControlPage: {
            items: components["schemas"]["Control"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        /** @description Which components are meant; all that is stated must agree */
        Selector: {
            name?: string;
            version?: string;
            purl?: string;
            cpe?: string;
            ref?: string;
            path?: string;
        };
        HazardLink: {
            hazard: string;
            /** @description What must be lost for it to follow */
            loss: ("confidentiality" | "integrity" | "availability")[];
        };
        /** @enum {string} */
        SbomFormat: "cyclonedx-1.6-json" | "cyclonedx-1.6-xml" | "cyclonedx-1.7-json" | "cyclonedx-1.7-xml" | "spdx-2.3-json" | "spdx-2.3-tv" | "spdx-3.0.1-json";
        /** @description A component as outputs of the program have it */
        SbomComponent: {
            /** @description By which the document refers to it */
            bom_ref?: string;
            group?: string;
            name: string;
            version?: string;
            purl?: string;
            /** @description Its place in the document */
            pointer: string;
            /** @description The document says that it is not in the product */
            excluded?: boolean;
        };
        SbomNote: {
            /** @description The place, the first of them */
            pointer: string;
            message: string;
            count: number;
        };
        SbomReport: {
            release: components["schemas"]["Id"];
            /** @description Of the release, for If-Match: "v7" */
            version: number;
            /** @description The release is locked; what was before is kept */
            corrected: boolean;
            sha256: string;
            bytes: number;
            format: string;
            spec_version?: string;
            name?: string;
            /** @description In the document */
            components: number;
            /** @description What was not understood; the first says when the SBOM says nothing of what is in the product - no components, none beside the product itself, or none that can be looked up */
            notes: components["schemas"]["SbomNote"][];
            /** @description Places that are not listed, beyond 1,000 */
            notes_left_out: number;
            distinct_components: number;
            /** @description Not in the portfolio before */
            new_components: number;
            /** @description Of the distinct ones; the knowledge base has nothing on them - that there is no finding says nothing */
            components_without_data: number;
            /** @description null: not known, for there are no data on any component */
            findings: number | null;
            decided: number;
            /** @description Decided by a decision on an earlier release */
            carried: number;
            reopened: number;
            proposed: number;
            /** @description Decisions that contradict each other: none of them applies */
            conflict: string | null;
            vulnerabilities: {
                now: number;
                /** @description That the release did not have before */
                came: number;
                went: number;
            };
            quality: {
                profile: string;
                score: number;
                passed: boolean;
            }[];
        };
        SbomLosses: {
            format: components["schemas"]["SbomFormat"];
            losses: components["schemas"]["SbomNote"][];
        };
        SbomQuality: {
            profile: string;
            profile_title: string;
            score: number;
            passed: boolean;
            components_judged: number;
            files_not_judged: number;
            rules: {
                element: string;
                title: string;
                scope: string;
                required: boolean;
                clause: string;
                asked: number;
                present: number;
                missing: number;
                undecided: number;
            }[];
            components: {
                component: components["schemas"]["SbomComponent"];
                missing: string[];
                undecided: string[];
            }[];
            remarks: Record<string, unknown>[];
        };
        SbomStanding: {
            verdict: string;
            component: components["schemas"]["SbomComponent"];
        };
        /** @description A vulnerability that one of both has, or both with another verdict */
        SbomTurn: {
            id: string;
            severity: string;
            /** @description In which catalogue of exploited vulnerabilities it is */
            kev?: unknown;
            /** @description Every catalogue that says that it is exploited, also one that has taken it back */
            exploited: {
                catalogue: string;
                withdrawn: boolean;
            }[];
            from?: components["schemas"]["SbomStanding"];
            to?: components["schemas"]["SbomStanding"];
        };
        SbomDiff: {
            equal: boolean;
            /** @description Components that are the same in both */
            same: number;
            added: components["schemas"]["SbomComponent"][];
            removed: components["schemas"]["SbomComponent"][];
            changed: {
                paired_by: string;
                from: components["schemas"]["SbomComponent"];
                to: components["schemas"]["SbomComponent"];
                changes: {
                    field: string;
                    from: string;
                    to: string;
                }[];
            }[];
            vulnerabilities: {
                came: components["schemas"]["SbomTurn"][];
                went: components["schemas"]["SbomTurn"][];
                changed_verdict: components["schemas"]["SbomTurn"][];
            };
            gaps: components["schemas"]["Gaps"];
        };
        SbomPaths: {
            components: {
                component: components["schemas"]["SbomComponent"];
                paths: components["schemas"]["SbomComponent"][][];
                /** @description There are other paths */
                more: boolean;
                /** @description As the SBOM states it, as all that follows; null - it does not */
                supplier: string | null;
                licences: components["schemas"]["SbomLicences"];
                /** @description The level of support */
                support: string | null;
                /** @description A date where it is written as one */
                support_end: string | null;
            }[];
            gaps: components["schemas"]["Gaps"];
        };
        /** @description What the SBOM states of a component */
        SbomStated: {
            /** @description A type of CycloneDX; empty - it is not stated */
            kind: string;
            /** @description null - it does not state one, as of all that follows */
            supplier: string | null;
            licences: components["schemas"]["SbomLicences"];
            /** @description The level of support */
            support: string | null;
            /** @description A date where it is written as one */
            support_end: string | null;
        };
        /** @description What is declared applies together, and so does what is concluded; both are statements on the same thing */
        SbomLicences: {
            /** @description An id of SPDX, an expression, or a name in free words */
            text: string;
            /** @enum {string} */
            by: "unstated" | "declared" | "concluded";
        }[];
        SbomNode: {
            /** @description By which it is asked for */
            node: string;
            /** @description Its place in the list that it is in, from 1 */
            position: number;
            component: components["schemas"]["SbomComponent"];
            stated: components["schemas"]["SbomStated"];
            /** @description A path may begin here */
            root: boolean;
            /** @description How many it is directly in; more than one - it stands in each */
            parents: number;
            /** @description How many are directly in it */
            children: number;
            /** @description How many different components are in it, at any depth */
            below: components["schemas"]["Total"];
        };
        SbomTree: {
            /** @description SHA-256 of the SBOM; another one - the pages before are of another tree */
            sbom: string;
            /** @description In all */
            components: number;
            /** @description What the document is about */
            subject: string | null;
            /** @description What the items are in; null - nothing */
            node: string | null;
            from: number;
            items: components["schemas"]["SbomNode"][];
            /** @description null - there are no more */
            next: number | null;
            total: components["schemas"]["Total"];
            /** @description What the reader of the SBOM remarked; with the first page of the outermost ones */
            reader?: {
                notes: components["schemas"]["SbomNote"][];
                notes_left_out: number;
            };
            gaps: components["schemas"]["Gaps"];
        };
        SbomTreeHits: {
            /** @description SHA-256 of the SBOM */
            sbom: string;
            items: {
                /** @description From an outermost one down to what was found, a shortest way */
                way: components["schemas"]["SbomNode"][];
                /** @description What was found is deeper than the 256 steps that are given */
                cut: boolean;
            }[];
            /** @description null - there are no more */
            next: number | null;
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        SbomTreeNode: {
            node: string;
            component: components["schemas"]["SbomComponent"];
            stated: components["schemas"]["SbomStated"];
            paths: components["schemas"]["SbomComponent"][][];
            /** @description There are other paths */
            more: boolean;
            gaps: components["schemas"]["Gaps"];
        };
        Found: {
            /** @description Of all, but for cases - those of the vulnerabilities that are listed */
            counts: {
                device: number;
                release: number;
                component: number;
                vulnerability: number;
                case: number;
            };
            hits: {
                /** @enum {string} */
                type: "device" | "release" | "component" | "vulnerability" | "case";
                id: string;
                title: string;
                /** @description For people */
                detail: string;
                /** @description Of the API */
                link: string;
            }[];
            gaps: components["schemas"]["Gaps"];
        };
        Exposure: {
            name: string;
            /** @description What the knowledge base says; null - it does not have it (any more) */
            known: {
                title?: string;
                severity?: string;
                score?: number | null;
                kev?: boolean;
                epss?: number | null;
                withdrawn?: boolean;
            } | null;
            /** @description Every finding is decided */
            releases_decided: number;
            releases_open: number;
            /** @description Of which nothing is known; drafts, too */
            releases_without_sbom: number;
            /** @description Their SBOM lists none - nothing is known of them either; drafts, too */
            releases_without_components: number;
            /** @description Nothing is known of any component of their SBOM; those without components and drafts, too */
            releases_without_data: number;
            releases: {
                device: string;
                release: components["schemas"]["Id"];
                release_name: string;
                /** @enum {string} */
                state: "draft" | "released" | "withdrawn";
                /** Format: date */
                released?: string | null;
                /** @description Every finding is */
                is_decided: boolean;
                /** @description Components with the vulnerability */
                findings: number;
                affected?: number;
                /** @description By the matcher */
                undecided?: number;
                /** @description Also those that are carried from an earlier release */
                decided?: number;
                proposed?: number;
                reopened?: number;
                not_assessed?: number;
                /** @description Decided as not affected, fixed, … */
                closed?: number;
                uncontrolled?: number;
                /** @description The worst */
                harm?: string;
                fixable?: boolean;
                /** Format: date-time */
                deadline?: string | null;
            }[];
            gaps: components["schemas"]["Gaps"];
        };
        Settings: {
            /** @description Which database it is */
            instance: string;
            single_sign_on: boolean;
            /** @description After so long without use a session ends */
            session_idle_seconds: number;
            /** @description After so long it ends in any case */
            session_life_seconds: number;
            /** @description How long a proof counts */
            proof_seconds: number;
            /** @description How many sign-ins of an account may fail in a row before the next one waits */
            signin_free_failures: number;
            /** @description How long it waits at most */
            signin_wait_seconds: number;
            /** @description After how many an administrator must unlock the account */
            signin_stop_failures: number;
            /** @description Uploads are read in a process that can do nothing else */
            sandbox: boolean;
            workers: number;
            /** @description How often a checkpoint is made; null: never by itself */
            checkpoint_seconds: number | null;
            backup_seconds: number | null;
            sync_seconds: number | null;
            /** @description How many builds of a draft are kept; what was decided on stays whatever its age */
            builds_kept: number;
        };
        GroupRole: {
            group: string;
            /** @enum {string} */
            role: "viewer" | "analyst" | "approver" | "administrator" | "auditor" | "customer";
        };
        SingleSignOn: {
            enabled: boolean;
            /** @description Its ETag */
            version: number;
            issuer?: string;
            client_id?: string;
            /** @description Whether there is one */
            client_secret?: boolean;
            scopes?: string;
            groups_claim?: string;
            roles?: components["schemas"]["GroupRole"][];
            /** @description What the provider must allow as the way back */
            redirect_uri?: string;
        };
        SingleSignOnPut: {
            /** @description As the provider writes it */
            issuer: string;
            client_id: string;
            /** @description As it is, where it is not given; empty: there is none */
            client_secret?: string | null;
            /** @description "openid profile email", where it is not given */
            scopes?: string;
            /** @description The claim that has the groups; without one nobody is made at a sign-in */
            groups_claim?: string;
            /** @description The first that fits */
            roles?: components["schemas"]["GroupRole"][];
            reason?: string;
        };
        SingleSignOnCheck: {
            /** @description Signing in can work */
            works: boolean;
            /** @description What is to be said, also whether persons can sign */
            lines: string[];
        };
        AccountLink: {
            /** @description As the provider names the account */
            subject: string;
            /** @description The provider; that of the settings, where it is not given */
            issuer?: string;
            reason?: string;
        };
        SignInWays: {
            password: boolean;
            single_sign_on: boolean;
        };
        Signal: {
            id: components["schemas"]["Id"];
            /** @description By which way it came */
            source: string;
            /**
             * @description Who says it
             * @enum {string}
             */
            kind: "researcher" | "complaint" | "service" | "supplier" | "customer" | "authority" | "internal" | "other";
            title: string;
            /** @enum {string} */
            state: "received" | "acknowledged" | "confirmed" | "rejected";
            /**
             * @description As of triage; null: nobody has looked
             * @enum {string|null}
             */
            severity: "none" | "low" | "medium" | "high" | "critical" | null;
            device: string | null;
            /** @description The id of the case */
            case: string | null;
            /** @description Of the case */
            vulnerability: string | null;
            /** @description The id of the signal that was there before */
            duplicate_of: string | null;
            reporter: string | null;
            /** @description Whom to thank */
            credit: string | null;
            /** @description Of the last move */
            reason: string | null;
            /** Format: date-time */
            received: string;
            /**
             * Format: date-time
             * @description What starts deadlines
             */
            learned: string;
            /** Format: date-time */
            acknowledge_by: string;
            /** @enum {string} */
            acknowledgement: "running" | "met" | "missed";
            /** Format: date-time */
            acknowledged: string | null;
            /**
             * Format: date-time
             * @description Nothing is to be published before
             */
            embargo: string | null;
            /** @description Of the text as it was received */
            bytes: number;
            documents: number;
            /** @description Its ETag */
            version: number;
        };
        SignalPage: {
            items: components["schemas"]["Signal"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        CveRequest: {
            /** @description A record of CVE JSON 5.1, without what is missing */
            record: {
                [key: string]: unknown;
            };
            /** @description What is to be added before it is sent */
            missing: {
                member: string;
                why: string;
            }[];
        };
        SignalDetail: {
            signal: components["schemas"]["Signal"];
            documents: {
                id: components["schemas"]["Id"];
                name: string;
                bytes: number;
                /** Format: digest */
                digest: string;
                /** Format: date-time */
                at: string;
            }[];
            /** @description What happened, and what was said, the oldest first */
            log: {
                id: components["schemas"]["Id"];
                /** @enum {string} */
                kind: "received" | "moved" | "triaged" | "note" | "reply" | "message" | "document";
                text: string;
                /** @description Null: the reporter */
                author: string | null;
                /** Format: date-time */
                at: string;
            }[];
        };
        Statement: {
            id: components["schemas"]["Id"];
            device: string;
            /** @description null: every release that decisions name */
            release: string | null;
            /** @description With commas between them; null: all */
            vulnerabilities: string | null;
            /** @enum {string} */
            tlp: "WHITE" | "GREEN" | "AMBER" | "RED";
            /**
             * @description Of the newest revision; scheduled: published when the embargo is over
             * @enum {string}
             */
            state: "draft" | "approved" | "scheduled" | "published" | "replaced" | "withdrawn";
            revision: number;
            /** @description The revision that is published */
            published: number | null;
            /**
             * Format: date-time
             * @description Nothing is published before; it may be over
             */
            embargo: string | null;
            /** @description Of the newest revision; what is signed */
            digest: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            revised: string;
            /** @description Its ETag */
            version: number;
        };
        StatementPage: {
            items: components["schemas"]["Statement"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        StatementDrafted: {
            statement: components["schemas"]["Statement"];
            /** @description What cannot be stated */
            warnings: string[];
        };
        StatementApproved: {
            statement: components["schemas"]["Statement"];
            /** @description How many persons have */
            approvals: number;
            needed: number;
        };
        StatementDetail: {
            statement: components["schemas"]["Statement"];
            revisions: {
                revision: number;
                /** @enum {string} */
                state: "draft" | "approved" | "scheduled" | "published" | "replaced" | "withdrawn";
                author: string;
                summary: string;
                /** @description Why it was withdrawn */
                reason: string | null;
                /** Format: date-time */
                created: string;
                /** Format: date-time */
                approved: string | null;
                /** Format: date-time */
                published: string | null;
                /** Format: date-time */
                withdrawn: string | null;
                /** Format: digest */
                digest: string;
                /** @description Logins; who alone gets what is AMBER or RED */
                customers: string[];
                documents: {
                    format: string;
                    /** Format: digest */
                    digest: string;
                    /**
                     * Format: digest
                     * @description Of the text that was signed; CSAF documents get their date of release when they are published
                     */
                    approved: string;
                    bytes: number;
                }[];
            }[];
            /** @description Do the decisions still say what the newest revision says? false: what was published or approved is to be drafted again, or withdrawn */
            current: boolean;
            /** @description Of the newest revision */
            approvals: {
                name: string;
                /** Format: date-time */
                at: string;
                zone: string;
            }[];
        };
        Status: {
            /**
             * Format: date-time
             * @description Of the service
             */
            time: string;
            engine: string;
            /** @description The one in use; null: none, so nothing is known */
            knowledge_base: {
                /** @description It is only the built-in one, a small selection */
                starter?: boolean;
                vulnerabilities?: number;
                /**
                 * Format: date-time
                 * @description Of its records
                 */
                newest?: string;
            } | null;
            /** @description Its size; null: for who does not see all of it */
            portfolio: {
                devices?: number;
                releases?: number;
                components?: number;
                findings?: number;
            } | null;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        Team: {
            id: components["schemas"]["Id"];
            name: string;
            users: {
                id: components["schemas"]["Id"];
                login: string;
            }[];
            devices: string[];
            /** @description Of its name; its ETag */
            version: number;
        };
        TeamPage: {
            items: components["schemas"]["Team"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        TeamName: {
            name: string;
            reason?: string;
        };
        Trend: {
            /**
             * Format: date
             * @description Of UTC
             */
            day: string;
            /** @description That were there by its end */
            devices: number;
            /** @description Of these the service did not look at; if there is one, nothing is known of the sum */
            devices_not_seen: number;
            /** @description That were released. Null, as all that follows - not known */
            releases: number | null;
            /** @description Of these nothing is known - no SBOM, or no data on any component */
            releases_not_known: number | null;
            components_without_data: number | null;
            findings: number | null;
            undecided: number | null;
            not_assessed: number | null;
            /** @description Found 30 days ago or earlier */
            not_assessed_30: number | null;
            reopened: number | null;
            proposed: number | null;
            uncontrolled: number | null;
            controlled: number | null;
            closed: number | null;
            /**
             * Format: date-time
             * @description The newest record of the knowledge base; null - there was none
             */
            knowledge: string | null;
        };
        TrendPage: {
            items: components["schemas"]["Trend"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
            gaps: components["schemas"]["Gaps"];
        };
        User: {
            id: components["schemas"]["Id"];
            login: string;
            /** @description null: erased */
            name: string | null;
            mail: string | null;
            /** @enum {string} */
            role: "viewer" | "analyst" | "approver" | "administrator" | "auditor" | "customer";
            /** @enum {string} */
            state: "active" | "removed" | "erased";
            /** @description Whether there is one */
            password: boolean;
            second_factor: boolean;
            /** @description Of the account; its ETag */
            version: number;
            /** Format: date-time */
            created: string;
        };
        UserPage: {
            items: components["schemas"]["User"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        UserNew: {
            login: string;
            /** @description As it is printed on what the person signs; the login where it is not given */
            name?: string;
            mail?: string;
            /** @enum {string} */
            role: "viewer" | "analyst" | "approver" | "administrator" | "auditor" | "customer";
            /** @description Without one they sign in by single sign-on only */
            password?: string;
            reason?: string;
        };
        UserChange: {
            /** @enum {string} */
            role: "viewer" | "analyst" | "approver" | "administrator" | "auditor" | "customer";
            reason?: string;
        };
        UserPassword: {
            password: string;
            reason?: string;
        };
        Reason: {
            reason?: string;
        };
        ErasureNew: {
            /** @description An id, a login, a mail address, or any value that is kept of somebody */
            person: string;
            reason?: string;
        };
        Erasure: {
            /** @description It had been done */
            already: boolean;
            /** @description How many were erased */
            values: number;
        };
        View: {
            id: components["schemas"]["Id"];
            /** @description null: private */
            team: string | null;
            name: string;
            /** @enum {string} */
            list: "findings" | "vulnerabilities";
            filter: string;
            sort: string | null;
            columns: string | null;
            /** @description Of the row; its ETag */
            version: number;
            /** Format: date-time */
            created: string;
        };
        ViewPage: {
            items: components["schemas"]["View"][];
            next: components["schemas"]["Next"];
            total: components["schemas"]["Total"];
        };
        ViewCounts: {
            views: {
                id: components["schemas"]["Id"];
                name: string;
                /** @description null: not counted, its filter names what is not there */
                count: number | null;
            }[];
            gaps: components["schemas"]["Gaps"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Id = components['schemas']['Id'];
export type Total = components['schemas']['Total'];
export type Next = components['schemas']['Next'];
export type JobRef = components['schemas']['JobRef'];
export type Gaps = components['schemas']['Gaps'];
export type Problem = components['schemas']['Problem'];
export type ProblemError = components['schemas']['ProblemError'];
export type BuildPage = components['schemas']['BuildPage'];
export type Build = components['schemas']['Build'];
export type Case = components['schemas']['Case'];
export type CasesWithout = components['schemas']['CasesWithout'];
export type CasePage = components['schemas']['CasePage'];
export type CaseCondition = components['schemas']['CaseCondition'];
export type CaseDetail = components['schemas']['CaseDetail'];
export type CaseRecorded = components['schemas']['CaseRecorded'];
export type ComponentUse = components['schemas']['ComponentUse'];
export type ComponentUsePage = components['schemas']['ComponentUsePage'];
export type FileUse = components['schemas']['FileUse'];
export type FileUsePage = components['schemas']['FileUsePage'];
export type ReleaseComponent = components['schemas']['ReleaseComponent'];
export type ReleaseComponentPage = components['schemas']['ReleaseComponentPage'];
export type ConceptCounts = components['schemas']['ConceptCounts'];
export type ConceptQuestion = components['schemas']['ConceptQuestion'];
export type ConceptStakeholder = components['schemas']['ConceptStakeholder'];
export type ConceptConcern = components['schemas']['ConceptConcern'];
export type ConceptHazard = components['schemas']['ConceptHazard'];
export type ConceptTopic = components['schemas']['ConceptTopic'];
export type ConceptInquiry = components['schemas']['ConceptInquiry'];
export type ConceptPack = components['schemas']['ConceptPack'];
export type Concept = components['schemas']['Concept'];
export type ConceptSeed = components['schemas']['ConceptSeed'];
export type Deadline = components['schemas']['Deadline'];
export type NotComputed = components['schemas']['NotComputed'];
export type DeadlinePage = components['schemas']['DeadlinePage'];
export type WouldBeDeadline = components['schemas']['WouldBeDeadline'];
export type WouldBeDeadlinePage = components['schemas']['WouldBeDeadlinePage'];
export type Decision = components['schemas']['Decision'];
export type DecisionPage = components['schemas']['DecisionPage'];
export type DecisionDetail = components['schemas']['DecisionDetail'];
export type DecisionIds = components['schemas']['DecisionIds'];
export type DecisionOutcome = components['schemas']['DecisionOutcome'];
export type OtherDecision = components['schemas']['OtherDecision'];
export type DryDecision = components['schemas']['DryDecision'];
export type DryRun = components['schemas']['DryRun'];
export type WouldState = components['schemas']['WouldState'];
export type DesignSafetyRecord = components['schemas']['DesignSafetyRecord'];
export type DesignSafetyPage = components['schemas']['DesignSafetyPage'];
export type DesignFinding = components['schemas']['DesignFinding'];
export type DesignFindingPage = components['schemas']['DesignFindingPage'];
export type DesignBaseline = components['schemas']['DesignBaseline'];
export type DesignBaselinePage = components['schemas']['DesignBaselinePage'];
export type DesignBaselineDocument = components['schemas']['DesignBaselineDocument'];
export type DesignChange = components['schemas']['DesignChange'];
export type DesignThreatSide = components['schemas']['DesignThreatSide'];
export type DesignThreatChange = components['schemas']['DesignThreatChange'];
export type DesignDiff = components['schemas']['DesignDiff'];
export type DesignView = components['schemas']['DesignView'];
export type DesignViewPage = components['schemas']['DesignViewPage'];
export type DesignPathHop = components['schemas']['DesignPathHop'];
export type DesignPath = components['schemas']['DesignPath'];
export type DesignPathEntry = components['schemas']['DesignPathEntry'];
export type DesignPaths = components['schemas']['DesignPaths'];
export type DesignModel = components['schemas']['DesignModel'];
export type DesignPositions = components['schemas']['DesignPositions'];
export type DesignAsset = components['schemas']['DesignAsset'];
export type DesignHazard = components['schemas']['DesignHazard'];
export type DesignPack = components['schemas']['DesignPack'];
export type Design = components['schemas']['Design'];
export type DesignReason = components['schemas']['DesignReason'];
export type DesignDisposition = components['schemas']['DesignDisposition'];
export type DesignThreat = components['schemas']['DesignThreat'];
export type DesignThreatPage = components['schemas']['DesignThreatPage'];
export type DesignQuestion = components['schemas']['DesignQuestion'];
export type DesignQuestionPage = components['schemas']['DesignQuestionPage'];
export type DesignLint = components['schemas']['DesignLint'];
export type DesignCounts = components['schemas']['DesignCounts'];
export type DesignCheck = components['schemas']['DesignCheck'];
export type Device = components['schemas']['Device'];
export type DeviceDryRun = components['schemas']['DeviceDryRun'];
export type DeviceReplaced = components['schemas']['DeviceReplaced'];
export type DevicePage = components['schemas']['DevicePage'];
export type DeviceFile = components['schemas']['DeviceFile'];
export type DeviceFilePage = components['schemas']['DeviceFilePage'];
export type Draft = components['schemas']['Draft'];
export type CountsWithout = components['schemas']['CountsWithout'];
export type Counts = components['schemas']['Counts'];
export type Severity = components['schemas']['Severity'];
export type Finding = components['schemas']['Finding'];
export type FindingPage = components['schemas']['FindingPage'];
export type Vulnerability = components['schemas']['Vulnerability'];
export type VulnerabilityPage = components['schemas']['VulnerabilityPage'];
export type MaybeText = components['schemas']['MaybeText'];
export type MaybeTime = components['schemas']['MaybeTime'];
export type Loss = components['schemas']['Loss'];
export type MatrixCell = components['schemas']['MatrixCell'];
export type Premises = components['schemas']['Premises'];
export type Foreseen = components['schemas']['Foreseen'];
export type ChainLink = components['schemas']['ChainLink'];
export type EarlierDecision = components['schemas']['EarlierDecision'];
export type SupplierStatement = components['schemas']['SupplierStatement'];
export type FindingDetail = components['schemas']['FindingDetail'];
export type Score = components['schemas']['Score'];
export type Evidence = components['schemas']['Evidence'];
export type Policy = components['schemas']['Policy'];
export type ReportSettings = components['schemas']['ReportSettings'];
export type ReportSettingsPut = components['schemas']['ReportSettingsPut'];
export type Accepted = components['schemas']['Accepted'];
export type InUse = components['schemas']['InUse'];
export type Intelligence = components['schemas']['Intelligence'];
export type Source = components['schemas']['Source'];
export type SourcePage = components['schemas']['SourcePage'];
export type Job = components['schemas']['Job'];
export type JobPage = components['schemas']['JobPage'];
export type Key = components['schemas']['Key'];
export type KeyPage = components['schemas']['KeyPage'];
export type KeyNew = components['schemas']['KeyNew'];
export type KeyMade = components['schemas']['KeyMade'];
export type LedgerRecord = components['schemas']['LedgerRecord'];
export type LedgerPage = components['schemas']['LedgerPage'];
export type LedgerOne = components['schemas']['LedgerOne'];
export type LedgerVerdict = components['schemas']['LedgerVerdict'];
export type Checkpoint = components['schemas']['Checkpoint'];
export type CheckpointPage = components['schemas']['CheckpointPage'];
export type Signature = components['schemas']['Signature'];
export type SignaturePage = components['schemas']['SignaturePage'];
export type Mailbox = components['schemas']['Mailbox'];
export type MailboxPut = components['schemas']['MailboxPut'];
export type Setup = components['schemas']['Setup'];
export type SetupUse = components['schemas']['SetupUse'];
export type PersonRef = components['schemas']['PersonRef'];
export type SignIn = components['schemas']['SignIn'];
export type Proof = components['schemas']['Proof'];
export type PasswordChange = components['schemas']['PasswordChange'];
export type SessionBegun = components['schemas']['SessionBegun'];
export type CredentialReset = components['schemas']['CredentialReset'];
export type Proven = components['schemas']['Proven'];
export type FactorStarted = components['schemas']['FactorStarted'];
export type FactorCode = components['schemas']['FactorCode'];
export type RecoveryCodes = components['schemas']['RecoveryCodes'];
export type Me = components['schemas']['Me'];
export type Session = components['schemas']['Session'];
export type SessionPage = components['schemas']['SessionPage'];
export type MyKeyNew = components['schemas']['MyKeyNew'];
export type Channel = components['schemas']['Channel'];
export type ChannelMade = components['schemas']['ChannelMade'];
export type ChannelSecret = components['schemas']['ChannelSecret'];
export type ChannelNew = components['schemas']['ChannelNew'];
export type ChannelPut = components['schemas']['ChannelPut'];
export type ChannelPage = components['schemas']['ChannelPage'];
export type NotificationRule = components['schemas']['NotificationRule'];
export type NotificationRulePut = components['schemas']['NotificationRulePut'];
export type NotificationRulePage = components['schemas']['NotificationRulePage'];
export type NotificationPreview = components['schemas']['NotificationPreview'];
export type Notification = components['schemas']['Notification'];
export type NotificationPage = components['schemas']['NotificationPage'];
export type MailSetting = components['schemas']['MailSetting'];
export type MailSettingPut = components['schemas']['MailSettingPut'];
export type CalendarState = components['schemas']['CalendarState'];
export type CalendarMade = components['schemas']['CalendarMade'];
export type Posture = components['schemas']['Posture'];
export type PosturePage = components['schemas']['PosturePage'];
export type CsafProvider = components['schemas']['CsafProvider'];
export type Publication = components['schemas']['Publication'];
export type PublicationPage = components['schemas']['PublicationPage'];
export type Pushed = components['schemas']['Pushed'];
export type PullRefused = components['schemas']['PullRefused'];
export type Release = components['schemas']['Release'];
export type ReleasePage = components['schemas']['ReleasePage'];
export type DeviceMetrics = components['schemas']['DeviceMetrics'];
export type Variant = components['schemas']['Variant'];
export type VariantPage = components['schemas']['VariantPage'];
export type Hazard = components['schemas']['Hazard'];
export type HazardPage = components['schemas']['HazardPage'];
export type Asset = components['schemas']['Asset'];
export type AssetPage = components['schemas']['AssetPage'];
export type ComponentLink = components['schemas']['ComponentLink'];
export type ComponentLinkPage = components['schemas']['ComponentLinkPage'];
export type Interface = components['schemas']['Interface'];
export type InterfacePage = components['schemas']['InterfacePage'];
export type Control = components['schemas']['Control'];
export type ControlPage = components['schemas']['ControlPage'];
export type Selector = components['schemas']['Selector'];
export type HazardLink = components['schemas']['HazardLink'];
export type SbomFormat = components['schemas']['SbomFormat'];
export type SbomComponent = components['schemas']['SbomComponent'];
export type SbomNote = components['schemas']['SbomNote'];
export type SbomReport = components['schemas']['SbomReport'];
export type SbomLosses = components['schemas']['SbomLosses'];
export type SbomQuality = components['schemas']['SbomQuality'];
export type SbomStanding = components['schemas']['SbomStanding'];
export type SbomTurn = components['schemas']['SbomTurn'];
export type SbomDiff = components['schemas']['SbomDiff'];
export type SbomPaths = components['schemas']['SbomPaths'];
export type SbomStated = components['schemas']['SbomStated'];
export type SbomLicences = components['schemas']['SbomLicences'];
export type SbomNode = components['schemas']['SbomNode'];
export type SbomTree = components['schemas']['SbomTree'];
export type SbomTreeHits = components['schemas']['SbomTreeHits'];
export type SbomTreeNode = components['schemas']['SbomTreeNode'];
export type Found = components['schemas']['Found'];
export type Exposure = components['schemas']['Exposure'];
export type Settings = components['schemas']['Settings'];
export type GroupRole = components['schemas']['GroupRole'];
export type SingleSignOn = components['schemas']['SingleSignOn'];
export type SingleSignOnPut = components['schemas']['SingleSignOnPut'];
export type SingleSignOnCheck = components['schemas']['SingleSignOnCheck'];
export type AccountLink = components['schemas']['AccountLink'];
export type SignInWays = components['schemas']['SignInWays'];
export type Signal = components['schemas']['Signal'];
export type SignalPage = components['schemas']['SignalPage'];
export type CveRequest = components['schemas']['CveRequest'];
export type SignalDetail = components['schemas']['SignalDetail'];
export type Statement = components['schemas']['Statement'];
export type StatementPage = components['schemas']['StatementPage'];
export type StatementDrafted = components['schemas']['StatementDrafted'];
export type StatementApproved = components['schemas']['StatementApproved'];
export type StatementDetail = components['schemas']['StatementDetail'];
export type Status = components['schemas']['Status'];
export type Health = components['schemas']['Health'];
export type Team = components['schemas']['Team'];
export type TeamPage = components['schemas']['TeamPage'];
export type TeamName = components['schemas']['TeamName'];
export type Trend = components['schemas']['Trend'];
export type TrendPage = components['schemas']['TrendPage'];
export type User = components['schemas']['User'];
export type UserPage = components['schemas']['UserPage'];
export type UserNew = components['schemas']['UserNew'];
export type UserChange = components['schemas']['UserChange'];
export type UserPassword = components['schemas']['UserPassword'];
export type Reason = components['schemas']['Reason'];
export type ErasureNew = components['schemas']['ErasureNew'];
export type Erasure = components['schemas']['Erasure'];
export type View = components['schemas']['View'];
export type ViewPage = components['schemas']['ViewPage'];
export type ViewCounts = components['schemas']['ViewCounts'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
