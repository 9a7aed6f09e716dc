/*
 * The findings of a portfolio in memory: the data of the index, and how it is kept current.
 *
 * A finding is a vulnerability of a component that is in a release: there is one for each reference
 * (release, component) and each fact (component, vulnerability) of the same component. Findings are
 * not stored; the index has facts, references and the sparse decisions, and walks them
 * (list/query.h).
 *
 *   snapshot   one state of the portfolio, immutable, counted by reference. What two snapshots have
 *              in common they share.
 *   draft      the next snapshot, from an empty one or from one that is there: rows are put in any
 *              order, tu_list_finish() checks them and makes the snapshot.
 *   list       the place of a node where the newest snapshot is found.
 *
 * Things are named by the ids of the database, which are positive. Times are microseconds since
 * 1970 (UTC); the index keeps whole seconds and rounds down. No I/O, no clock, no SQL.
 *
 * Threads: a snapshot may be read by any number of threads; a draft belongs to one; the functions
 * of a list may be called from any. One thread at a time makes the next snapshot of a list: the
 * caller sees to that.
 *
 * Errors: TU_E_NOMEM; TU_E_USAGE: a number that is out of its bounds (what the header says);
 * TU_E_NOTFOUND: a row names something that is neither in the draft nor in the snapshot before it;
 * TU_E_LIMIT: see the enumeration below. After an error a draft can only be freed, and the snapshot
 * that it was to follow is as it was.
 */
#ifndef TU_LIST_LIST_H
#define TU_LIST_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

struct tu_list;
struct tu_list_snapshot;
struct tu_list_draft;

enum {
	TU_LIST_VULNERABILITIES_MAX = 1 << 28,
	TU_LIST_COMPONENTS_MAX = 1 << 28,
	TU_LIST_RELEASES_MAX = 1 << 20,
	TU_LIST_UNSTATED_SCORE = 255, /* no CVSS score is known */
	TU_LIST_EPSS_ONE = 1000000 /* millionths */
};
#define TU_LIST_UNSTATED_EPSS UINT32_MAX

/* How far the assessment of a finding has come, in rising order. */
enum tu_list_state {
	TU_LIST_NOT_ASSESSED, /* there is no decision */
	TU_LIST_REOPENED,
	TU_LIST_PROPOSED,
	TU_LIST_CARRIED,
	TU_LIST_DECIDED,
	TU_LIST_STATES
};

/* "not assessed", "re-opened", …: as the store and answers have them. */
const char *tu_list_state_name(enum tu_list_state state);

/* Numbers of the core's enumerations, which the index only compares. */
enum {
	TU_LIST_SEVERITIES = 6, /* enum tu_severity */
	TU_LIST_HARMS = 7, /* enum tu_harm */
	TU_LIST_VERDICTS = 3, /* enum tu_match_verdict: undecided, affected, not affected */
	TU_LIST_RISKS = 3, /* enum tu_risk: undecided, controlled, uncontrolled */
	TU_LIST_STATUSES = 5, /* enum tu_claim_status */
	TU_LIST_RELEASE_STATES = 4, /* draft, released, withdrawn; the caller's numbers */
	TU_LIST_KEY = 16
};

/* ---- rows; texts are copied ---- */

/* Advisories merged by alias. */
struct tu_list_vulnerability {
	int64_t id;
	struct tu_str name; /* unique */
	uint8_t severity; /* enum tu_severity */
	uint8_t score; /* tenths, or TU_LIST_UNSTATED_SCORE */
	bool kev;
	uint32_t epss; /* millionths, or TU_LIST_UNSTATED_EPSS */
	int64_t modified;
	struct tu_str exploited_by; /* names of the catalogues that say so, a line each */
};

/* When something is due for a vulnerability: in all releases of a device, or (device_id 0) of every
 * device. Who sees no device with the vulnerability sees no deadline of it. */
struct tu_list_deadline {
	int64_t vulnerability_id;
	int64_t device_id;
	int64_t due;
};

struct tu_list_component {
	int64_t id;
	struct tu_str name; /* as in the SBOM */
	struct tu_str package; /* of the table `package`; components of several versions share it */
	struct tu_str version;
	struct tu_str purl; /* empty: none */
	uint8_t key[TU_LIST_KEY]; /* the first bytes of its key: names it wherever it is */
};

struct tu_list_fact {
	int64_t component_id;
	int64_t vulnerability_id;
	uint8_t verdict; /* enum tu_match_verdict */
	bool fixable; /* a fixed version is known */
	int64_t first_seen;
};

struct tu_list_device {
	int64_t id;
	struct tu_str name;
};

struct tu_list_release {
	int64_t id;
	int64_t device_id;
	struct tu_str version;
	uint8_t state; /* below TU_LIST_RELEASE_STATES */
	int64_t released; /* 0: not */
	struct tu_str public_id;
};

struct tu_list_reference {
	int64_t release_id;
	int64_t component_id;
	uint8_t harm; /* enum tu_harm, as the safety model proposes it */
	int64_t added;
};

/* The assessment that applies to a finding. Status, risk and harm count when it is DECIDED or
 * CARRIED (harm 0: then as proposed); otherwise a finding has the reference's harm, risk 0
 * (undecided) and status 1 (under investigation), as one that is not assessed. A decision about
 * what is no finding (now) is kept, and shows when it is one. */
struct tu_list_decision {
	int64_t component_id;
	int64_t vulnerability_id;
	int64_t release_id;
	enum tu_list_state state; /* not NOT_ASSESSED */
	uint8_t status; /* enum tu_claim_status */
	bool closed; /* tu_claim_clears(status) */
	uint8_t risk; /* enum tu_risk, as tu_assess gives it for that status */
	uint8_t harm; /* enum tu_harm */
};

/* ---- making a snapshot ---- */

/* A draft after `from` (NULL: after an empty snapshot), which it keeps a reference to. */
TU_NODISCARD enum tu_status tu_list_draft_new(
	struct tu_list_snapshot *from, struct tu_list_draft **out_draft, struct tu_error *err);
/* NULL is fine. */
void tu_list_draft_free(struct tu_list_draft *draft);

/*
 * Put a row. One that has an id is new, or takes the place of the row with that id. Putting a
 * vulnerability takes its deadlines away: put those after it. Of several rows for the same thing in
 * one draft the last one counts.
 */
TU_NODISCARD enum tu_status tu_list_put_vulnerability(
	struct tu_list_draft *draft, const struct tu_list_vulnerability *row, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list_put_deadline(
	struct tu_list_draft *draft, const struct tu_list_deadline *row, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list_put_component(
	struct tu_list_draft *draft, const struct tu_list_component *row, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list_put_device(
	struct tu_list_draft *draft, const struct tu_list_device *row, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list_put_release(
	struct tu_list_draft *draft, const struct tu_list_release *row, struct tu_error *err);

/*
 * Facts belong to their component, references and decisions to their release, and are replaced as
 * a whole: a component of which a fact is put has only the facts of this draft, a release of
 * which a reference or a decision is put has only the references and decisions of this draft. The
 * two functions below say so of what has none (any more); else they are not needed.
 */
TU_NODISCARD enum tu_status tu_list_replace_component(
	struct tu_list_draft *draft, int64_t component_id, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list_replace_release(
	struct tu_list_draft *draft, int64_t release_id, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list_put_fact(
	struct tu_list_draft *draft, const struct tu_list_fact *row, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list_put_reference(
	struct tu_list_draft *draft, const struct tu_list_reference *row, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list_put_decision(
	struct tu_list_draft *draft, const struct tu_list_decision *row, struct tu_error *err);

/* Make the snapshot, which has one reference, the caller's. `change` is the number of the newest
 * row of `change` that is in it, not below that of the snapshot before. The draft is empty
 * afterwards: free it. */
TU_NODISCARD enum tu_status tu_list_finish(struct tu_list_draft *draft, int64_t change,
	struct tu_list_snapshot **out_snapshot, struct tu_error *err);

/* ---- snapshots ---- */

/* One more reference; returns its argument. */
struct tu_list_snapshot *tu_list_hold(struct tu_list_snapshot *snapshot);
/* One reference less. NULL is fine. */
void tu_list_drop(struct tu_list_snapshot *snapshot);

int64_t tu_list_change(const struct tu_list_snapshot *snapshot);
/* For a loader that puts only what is missing. */
bool tu_list_has_vulnerability(const struct tu_list_snapshot *snapshot, int64_t id);
bool tu_list_has_component(const struct tu_list_snapshot *snapshot, int64_t id);
bool tu_list_has_release(const struct tu_list_snapshot *snapshot, int64_t id);

/* What is in a snapshot. */
struct tu_list_size {
	size_t vulnerabilities, components, devices, releases;
	uint64_t facts, references, decisions, findings;
	size_t bytes; /* of the heap, without what the allocator adds */
};
struct tu_list_size tu_list_size(const struct tu_list_snapshot *snapshot);

/* ---- the place where the newest one is ---- */

/* A list with an empty snapshot of change 0. */
TU_NODISCARD enum tu_status tu_list_new(struct tu_list **out_list, struct tu_error *err);
/* Nobody uses it any more; snapshots that are held stay. NULL is fine. */
void tu_list_free(struct tu_list *list);
/* The newest snapshot, held for the caller: tu_list_drop() it. Waits for no other reader and not
 * for whoever makes the next one. */
struct tu_list_snapshot *tu_list_current(struct tu_list *list);
/* Make `snapshot` the newest; the caller's reference becomes the list's. */
void tu_list_publish(struct tu_list *list, struct tu_list_snapshot *snapshot);

#endif
