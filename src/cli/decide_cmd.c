/* tutela decide: write one decision, by options or asked on a terminal. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "base/vec.h"
#include "cli/assessing.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "device/form.h"

static const char name[] = "decide";

enum { DECISION_MAX = 1 << 20, LINE_MAX_BYTES = 2000 };

struct request {
	struct tu_assessing_request assessing;
	const char *vulnerability;
	const char *component;
	const char *status;
	const char *justification;
	const char *impact;
	const char *rationale;
	const char *exploitability;
	const char *harm;
	const char *privacy;
	const char *risk;
	const char *controls;
	const char *remedy;
	const char *action;
	const char *fix_release;
	const char *due;
	const char *range;
	const char *configuration;
	const char *expires;
	const char *by;
	const char *role;
	const char *at;
	const char *learned;
	const char *correct_learned;
	const char *reason;
	const char *event;
	const char *evidence;
	const char *contents;
	const char *supersedes;
	const char *file;
	bool no_carry;
	bool dry_run;
};

/* Which of the two things it does. */
struct deciding {
	struct request *request;
	struct tu_assessing assessing;
	const struct tu_assessment *assessment;
	struct tu_decision decision;
	int64_t now;
};

static enum tu_status bad(struct tu_error *err, const char *option, const char *value)
{
	return tu_fail(err, TU_E_USAGE, 0, "--%s: \"%s\" is none of its values", option, value);
}

/* ---- which finding ---- */

static const struct tu_component *component_of(
	const struct deciding *d, const struct tu_assessment *a)
{
	return &d->assessing.input.inventory->components[a->of->distinct->first];
}

static bool is_named(const struct deciding *d, const struct tu_assessment *a)
{
	const struct tu_component *component = component_of(d, a);
	struct tu_str wanted = tu_str_c(d->request->component);

	return !wanted.len || tu_str_ieq(component->name, wanted) ||
		tu_str_eq(component->ref, wanted) || tu_str_eq(component->purl, wanted);
}

static enum tu_status find_assessment(struct deciding *d, struct tu_error *err)
{
	const struct tu_assess_result *result = d->assessing.result;
	uint32_t wanted = tu_kb_find(d->assessing.input.kb, tu_str_c(d->request->vulnerability));
	size_t found = 0;

	for (size_t i = 0; i < result->count && wanted != TU_KB_NONE; i++) {
		const struct tu_assessment *a = &result->assessments[i];

		if (a->of->finding->vulnerability != wanted || !is_named(d, a))
			continue;
		if (found++ == 0)
			d->assessment = a;
	}
	if (found == 1)
		return TU_OK;
	if (found == 0)
		return tu_fail(err, TU_E_NOTFOUND, 0, "release %.*s has no finding %s%s%s",
			TU_STR_FMT(d->assessing.release->version), d->request->vulnerability,
			d->request->component ? " in " : "",
			d->request->component ? d->request->component : "");
	return tu_fail(err, TU_E_USAGE, 0,
		"%zu components have %s: name one, as in --component \"%.*s\"", found,
		d->request->vulnerability, TU_STR_FMT(component_of(d, d->assessment)->name));
}

/* ---- the options as a decision ---- */

static enum tu_status take_time(
	const char *option, const char *text, int64_t *out_seconds, struct tu_error *err)
{
	struct tu_str s = tu_str_c(text);

	if (!text)
		return TU_OK;
	if (tu_time_parse(s, out_seconds) && tu_time_is_zoned(s))
		return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0,
		"--%s wants a time with its zone, such as 2026-01-31T09:30:00Z, not \"%s\"", option,
		text);
}

static enum tu_status take_date(
	const char *option, const char *text, int64_t *out_seconds, struct tu_error *err)
{
	if (!text || (tu_str_c(text).len == 10 && tu_time_parse(tu_str_c(text), out_seconds)))
		return TU_OK;
	return take_time(option, text, out_seconds, err);
}

static enum tu_status take_list(
	struct deciding *d, const char *text, struct tu_texts *out, struct tu_error *err)
{
	TU_VEC(struct tu_str) list = {0};
	struct tu_str rest = tu_str_c(text), part;

	while (text && tu_str_split(&rest, ',', &part))
		if (!TU_VEC_PUSH_IN(d->assessing.folder.arena, &list, tu_str_trim(part)))
			return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	*out = (struct tu_texts){list.at, list.count};
	return TU_OK;
}

static enum tu_status take_words(struct deciding *d, struct tu_error *err)
{
	const struct request *r = d->request;
	const struct {
		const char *option;
		const char *value;
		const struct tu_words *words;
		void *slot;
	} words[] = {
		{"status", r->status, &tu_words_status, &d->decision.status},
		{"justification", r->justification, &tu_words_justification,
			&d->decision.justification},
		{"harm", r->harm, &tu_words_harm, &d->decision.harm},
		{"privacy", r->privacy, &tu_words_privacy, &d->decision.privacy},
		{"risk", r->risk, &tu_words_risk, &d->decision.risk},
		{"remedy", r->remedy, &tu_words_remedy, &d->decision.action.remedy},
	};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		int value;

		if (!words[i].value)
			continue;
		if (!tu_words_find(words[i].words, tu_str_c(words[i].value), &value))
			return bad(err, words[i].option, words[i].value);
		memcpy(words[i].slot, &value, sizeof(value));
	}
	return TU_OK;
}

static void take_texts(struct deciding *d)
{
	const struct request *r = d->request;
	const struct {
		const char *value;
		struct tu_str *slot;
	} texts[] = {
		{r->impact, &d->decision.impact},
		{r->rationale, &d->decision.rationale},
		{r->exploitability, &d->decision.exploitability},
		{r->action, &d->decision.action.text},
		{r->fix_release, &d->decision.action.fix_release},
		{r->range, &d->decision.validity.range_text},
		{r->configuration, &d->decision.validity.configuration},
		{r->by, &d->decision.decided_by},
		{r->role, &d->decision.role},
		{r->supersedes, &d->decision.supersedes},
	};

	for (size_t i = 0; i < TU_COUNT(texts); i++)
		if (texts[i].value)
			*texts[i].slot = tu_str_c(texts[i].value);
}

static enum tu_status take_times(struct deciding *d, struct tu_error *err)
{
	const struct request *r = d->request;
	enum tu_status status = take_time("learned-at", r->learned, &d->decision.learned_at, err);

	if (status == TU_OK)
		status = take_date("expires", r->expires, &d->decision.expires, err);
	if (status == TU_OK)
		status = take_date("due", r->due, &d->decision.action.due, err);
	return status;
}

static bool is_one_of(const struct tu_distinct *distinct, uint32_t component)
{
	for (size_t i = 0; i < distinct->component_count; i++)
		if (distinct->components[i] == component)
			return true;
	return false;
}

/* Does the selector mean a component that the finding is not about? */
static bool means_others(const struct deciding *d, const struct tu_selector *selector)
{
	const struct tu_inventory *inventory = d->assessing.input.inventory;

	for (uint32_t c = 0; c < inventory->component_count; c++)
		if (tu_selector_matches(selector, inventory, c) &&
			!is_one_of(d->assessment->of->distinct, c))
			return true;
	return false;
}

/* The widest name that means this component alone: the name, which the next release's SBOM will
 * have too; its reference only where two have one name. */
static void name_component(struct deciding *d)
{
	const struct tu_component *component = component_of(d, d->assessment);

	d->decision.component = (struct tu_selector){.name = component->name};
	if (!component->name.len || means_others(d, &d->decision.component))
		d->decision.component.ref = component->ref;
}

/* What nobody said is proposed: band, harm and the matrix's answer for an affected one. */
static void fill_proposal(struct deciding *d)
{
	const struct tu_device *device = d->assessing.folder.device;
	const struct tu_proposal *proposal = &d->assessment->proposal;
	struct tu_decision *decision = &d->decision;

	if (decision->status != TU_DECISION_AFFECTED)
		return;
	if (!decision->exploitability.len)
		decision->exploitability = device->policy.bands[proposal->band].name;
	if (!decision->harm)
		decision->harm = proposal->harm;
	if (!decision->privacy)
		decision->privacy = proposal->privacy;
	if (!decision->risk)
		decision->risk = tu_device_risk(
			device, tu_device_band(device, decision->exploitability), decision->harm);
	if (!decision->risk)
		decision->risk = TU_RISK_UNCONTROLLED;
}

static enum tu_status fill(struct deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_arena *arena = d->assessing.folder.arena;
	struct tu_str *release = tu_arena_alloc(arena, sizeof(*release));
	enum tu_status status;

	if (!release)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	*release = d->assessing.release->version;
	decision->vulnerability = d->assessment->of->facts.id;
	decision->validity.releases = (struct tu_texts){release, 1};
	decision->validity.carry = !d->request->no_carry;
	name_component(d);
	take_texts(d);
	status = take_words(d, err);
	if (status == TU_OK)
		status = take_times(d, err);
	if (status == TU_OK)
		status = take_list(d, d->request->controls, &decision->controls, err);
	if (status == TU_OK)
		status = tu_assess_premises(
			arena, &d->assessing.input, d->assessment->of, &decision->premises, err);
	fill_proposal(d);
	decision->decided_at = decision->status == TU_DECISION_UNDER_INVESTIGATION ? 0 : d->now;
	if (!decision->learned_at)
		decision->learned_at = d->now;
	return status;
}

/* ---- asking ---- */

struct question {
	const char **slot;
	const char *asks;
	bool (*concerns)(const struct request *request);
};

static bool always(const struct request *r)
{
	(void)r;
	return true;
}

static bool is_status(const struct request *r, enum tu_decision_status wanted)
{
	enum tu_decision_status status;

	return r->status && tu_decision_status_by_name(tu_str_c(r->status), &status) &&
		status == wanted;
}

static bool if_affected(const struct request *r)
{
	return is_status(r, TU_DECISION_AFFECTED);
}

static bool if_not_affected(const struct request *r)
{
	return is_status(r, TU_DECISION_NOT_AFFECTED);
}

static bool if_decided(const struct request *r)
{
	return !is_status(r, TU_DECISION_UNDER_INVESTIGATION);
}

/* A line without its end, in the arena; NULL for an empty one. False at the end of the input. */
static bool read_answer(struct tu_arena *arena, const char **out_answer)
{
	char line[LINE_MAX_BYTES];
	char *copy;

	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	*out_answer = NULL;
	if (!*line)
		return true;
	copy = tu_arena_text(arena, strlen(line) + 1);
	if (copy)
		memcpy(copy, line, strlen(line) + 1);
	*out_answer = copy;
	return copy != NULL;
}

static void show_proposal(const struct deciding *d)
{
	const struct tu_proposal *p = &d->assessment->proposal;
	const struct tu_component *component = component_of(d, d->assessment);
	struct tu_str band = d->assessing.folder.device->policy.bands[p->band].name;

	fprintf(stderr, "%.*s in %.*s %.*s\n", TU_STR_FMT(d->assessment->of->facts.id),
		TU_STR_FMT(component->name), TU_STR_FMT(component->version));
	for (size_t i = 0; i < p->fact_count; i++)
		fprintf(stderr, "  [%u] %.*s\n", p->facts[i].level, TU_STR_FMT(p->facts[i].text));
	fprintf(stderr, "  proposed: exploitability %.*s, harm %s (%.*s), %s, %s\n",
		TU_STR_FMT(band), tu_harm_name(p->harm), TU_STR_FMT(p->harm_why),
		tu_risk_name(p->risk), p->response);
}

static enum tu_status ask(struct deciding *d, struct tu_error *err)
{
	struct request *r = d->request;
	const struct question questions[] = {
		{&r->status, "status (affected, not_affected, fixed, under_investigation)", always},
		{&r->justification,
			"justification (component_not_present, vulnerable_code_not_present, "
			"vulnerable_code_not_in_execute_path, "
			"vulnerable_code_cannot_be_controlled_by_adversary, "
			"inline_mitigations_already_exist)",
			if_not_affected},
		{&r->exploitability, "exploitability (empty: as proposed)", if_affected},
		{&r->harm, "harm (empty: as proposed)", if_affected},
		{&r->risk, "risk (empty: by the matrix)", if_affected},
		{&r->controls, "controls that it counts on, by id", if_affected},
		{&r->action, "plan or advice for customers", if_affected},
		{&r->rationale, "why", if_decided},
		{&r->by, "decided by", if_decided},
		{&r->learned, "learned at, with zone (empty: now)", always},
	};

	show_proposal(d);
	for (size_t i = 0; i < TU_COUNT(questions); i++) {
		if (*questions[i].slot || !questions[i].concerns(r))
			continue;
		fprintf(stderr, "%s? ", questions[i].asks);
		if (!read_answer(d->assessing.folder.arena, questions[i].slot))
			return tu_fail(err, TU_E_USAGE, 0, "the input ended before all was asked");
	}
	return TU_OK;
}

/* ---- writing ---- */

/* "CVE-2022-0847-linux-yocto-4.3.1.yaml": what a name may not hold becomes a hyphen. */
static bool default_file(struct deciding *d, struct tu_buf *out)
{
	const struct tu_component *component = component_of(d, d->assessment);
	const struct tu_str parts[] = {
		d->decision.vulnerability, component->name, d->assessing.release->version};

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		if (i)
			tu_buf_byte(out, '-');
		for (size_t k = 0; k < parts[i].len; k++) {
			char c = parts[i].ptr[k];
			bool fine = tu_char_is_alnum(c) || c == '.' || c == '_' || c == '-';

			tu_buf_byte(out, fine ? c : '-');
		}
	}
	return !out->failed;
}

static enum tu_status path_of(struct deciding *d, struct tu_buf *out, struct tu_error *err)
{
	tu_buf_printf(out, "%.*s/decisions", TU_STR_FMT(d->assessing.folder.path));
	tu_buf_byte(out, '\0');
	if (!out->failed && !d->request->dry_run)
		(void)mkdir(out->ptr, 0777);
	if (!out->failed)
		out->len--;
	tu_buf_byte(out, '/');
	if (d->request->file)
		tu_buf_c(out, d->request->file);
	else
		(void)default_file(d, out);
	if (!tu_str_ends(tu_buf_str(out), TU_STR(".yaml")))
		tu_buf_c(out, ".yaml");
	tu_buf_byte(out, '\0');
	if (out->failed)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	if (d->request->file && strchr(d->request->file, '/'))
		return tu_fail(err, TU_E_USAGE, 0, "--file is a name in decisions/, not a path");
	return TU_OK;
}

/* What is written must read back, and agree with what is there. */
static enum tu_status prove(struct deciding *d, struct tu_str file, struct tu_str text,
	const char *replaces, struct tu_error *err)
{
	const struct tu_device_folder *folder = &d->assessing.folder;
	const struct tu_decision **all =
		tu_arena_array(folder->arena, folder->decision_count + 1, sizeof(*all));
	const struct tu_decision *read;
	size_t count = 0;
	enum tu_status status = tu_decision_read(folder->arena, file, text, NULL, &read, err);

	if (status != TU_OK)
		return status;
	if (!all)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	for (size_t i = 0; i < folder->decision_count; i++)
		if (!replaces || !tu_str_eq(folder->decisions[i]->file, tu_str_c(replaces)))
			all[count++] = folder->decisions[i];
	all[count++] = read;
	return tu_decisions_check(all, count, err);
}

static enum tu_status write_decision(
	struct deciding *d, const char *path, bool replace, struct tu_error *err)
{
	struct tu_buf text;
	struct tu_output output;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, DECISION_MAX);
	tu_decision_write(&d->decision, &text);
	if (text.failed)
		status = tu_fail(err, TU_E_LIMIT, 0, "the decision is larger than a file may be");
	if (status == TU_OK)
		status = prove(d, tu_str_c(path), tu_buf_str(&text), replace ? path : NULL, err);
	if (status == TU_OK && !replace && access(path, F_OK) == 0)
		status = tu_fail(err, TU_E_USAGE, 0,
			"%s exists; name another with --file and --supersedes", path);
	if (status == TU_OK)
		status = tu_output_open(&output, d->request->dry_run ? NULL : path, err);
	if (status == TU_OK) {
		tu_buf_str_add(&output.buf, tu_buf_str(&text));
		status = tu_output_close(&output, err);
	}
	if (status == TU_OK && !d->request->dry_run)
		printf("%s\n", path);
	tu_buf_done(&text);
	return status;
}

static enum tu_status decide(struct deciding *d, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status = tu_assessing_run(&d->assessing, &d->request->assessing, err);

	if (status == TU_OK)
		status = find_assessment(d, err);
	if (status == TU_OK && !d->request->status) {
		if (!isatty(STDIN_FILENO))
			return tu_fail(err, TU_E_USAGE, 0, "--status is missing");
		status = ask(d, err);
	}
	if (status == TU_OK)
		status = fill(d, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&path, 64 * 1024);
	status = path_of(d, &path, err);
	if (status == TU_OK) {
		d->decision.id = (struct tu_str){0};
		status = write_decision(d, path.ptr, false, err);
	}
	tu_buf_done(&path);
	return status;
}

/* ---- amending: an event that happened, a learned_at that was wrong ---- */

static const struct tu_decision *decision_by_id(
	const struct tu_device_folder *folder, struct tu_str id)
{
	for (size_t i = 0; i < folder->decision_count; i++)
		if (tu_str_eq(folder->decisions[i]->id, id))
			return folder->decisions[i];
	return NULL;
}

static enum tu_status add_event(struct deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_case_event *events = tu_arena_array(
		d->assessing.folder.arena, decision->event_count + 1, sizeof(*events));
	struct tu_case_event *added;

	if (!events)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	if (decision->event_count)
		memcpy(events, decision->events, decision->event_count * sizeof(*events));
	added = &events[decision->event_count++];
	*added = (struct tu_case_event){.name = tu_str_c(d->request->event),
		.at = d->now,
		.evidence = tu_str_c(d->request->evidence)};
	decision->events = events;
	return take_list(d, d->request->contents, &added->contents, err);
}

static enum tu_status add_correction(struct deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_correction *list = tu_arena_array(
		d->assessing.folder.arena, decision->correction_count + 1, sizeof(*list));
	struct tu_correction *added;

	if (!list)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	if (!d->request->reason || !d->request->by)
		return tu_fail(
			err, TU_E_USAGE, 0, "learned_at is corrected only with --reason and --by");
	if (decision->correction_count)
		memcpy(list, decision->corrections, decision->correction_count * sizeof(*list));
	added = &list[decision->correction_count];
	*added = (struct tu_correction){.was = tu_decision_learned(decision),
		.reason = tu_str_c(d->request->reason),
		.by = tu_str_c(d->request->by),
		.at = d->now};
	decision->corrections = list;
	decision->correction_count++;
	return take_time("correct-learned", d->request->correct_learned, &added->now, err);
}

static enum tu_status amend(struct deciding *d, struct tu_error *err)
{
	const struct tu_decision *old;
	struct tu_str id = tu_str_c(d->request->vulnerability);
	struct tu_buf path;
	enum tu_status status =
		tu_device_folder_open(d->request->assessing.folder, &d->assessing.folder, err);

	if (status != TU_OK)
		return status;
	old = decision_by_id(&d->assessing.folder, id);
	if (!old)
		return tu_fail(
			err, TU_E_NOTFOUND, 0, "no decision has the id \"%.*s\"", TU_STR_FMT(id));
	d->decision = *old;
	status = d->request->event ? add_event(d, err) : add_correction(d, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&path, 64 * 1024);
	tu_buf_str_add(&path, old->file);
	tu_buf_byte(&path, '\0');
	status = path.failed ? tu_fail(err, TU_E_NOMEM, 0, "out of memory")
			     : write_decision(d, path.ptr, true, err);
	tu_buf_done(&path);
	return status;
}

static bool read_request(int argc, char **argv, struct request *r)
{
	const struct tu_option options[] = {
		{.name = "release", .letter = 'r', .value = &r->assessing.release},
		{.name = "kb", .value = &r->assessing.kb},
		{.name = "component", .letter = 'c', .value = &r->component},
		{.name = "status", .letter = 's', .value = &r->status},
		{.name = "justification", .letter = 'j', .value = &r->justification},
		{.name = "impact", .value = &r->impact},
		{.name = "rationale", .value = &r->rationale},
		{.name = "exploitability", .value = &r->exploitability},
		{.name = "harm", .value = &r->harm},
		{.name = "privacy", .value = &r->privacy},
		{.name = "risk", .value = &r->risk},
		{.name = "controls", .value = &r->controls},
		{.name = "remedy", .value = &r->remedy},
		{.name = "action", .value = &r->action},
		{.name = "fix-release", .value = &r->fix_release},
		{.name = "due", .value = &r->due},
		{.name = "range", .value = &r->range},
		{.name = "configuration", .value = &r->configuration},
		{.name = "expires", .value = &r->expires},
		{.name = "by", .value = &r->by},
		{.name = "role", .value = &r->role},
		{.name = "at", .value = &r->at},
		{.name = "learned-at", .value = &r->learned},
		{.name = "correct-learned", .value = &r->correct_learned},
		{.name = "reason", .value = &r->reason},
		{.name = "event", .value = &r->event},
		{.name = "evidence", .value = &r->evidence},
		{.name = "contents", .value = &r->contents},
		{.name = "supersedes", .value = &r->supersedes},
		{.name = "file", .value = &r->file},
		{.name = "no-carry", .flag = &r->no_carry},
		{.name = "dry-run", .flag = &r->dry_run},
	};

	if (!tu_options_take(&argc, argv, options, (int)TU_COUNT(options)))
		return false;
	if (argc != 3) {
		tu_command_misused(name,
			"expected a device folder and a vulnerability id (or, with "
			"--event or --correct-learned, a decision's id)");
		return false;
	}
	r->assessing.folder = argv[1];
	r->vulnerability = argv[2];
	return tu_device_folder_time(name, "at", r->at, &r->assessing.at);
}

int tu_cmd_decide(int argc, char **argv)
{
	struct request request = {0};
	struct deciding deciding = {.request = &request, .decision = {.validity.carry = true}};
	struct tu_error err = {0};
	enum tu_status status;

	if (!read_request(argc, argv, &request))
		return TU_EXIT_USAGE;
	deciding.now = request.assessing.at;
	status = request.event || request.correct_learned ? amend(&deciding, &err)
							  : decide(&deciding, &err);
	tu_assessing_done(&deciding.assessing);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}
