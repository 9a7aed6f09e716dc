#define _XOPEN_SOURCE 700
#include "app/decide.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/output.h"
#include "base/sha256.h"

enum { DECISION_MAX = 1 << 20, PATH_LIMIT = 64 * 1024, LOCK_TRIES = 200 };

/* ---- one at a time ---- */

/* What was read must still be so when the decision is written: another one waits, ten seconds at
 * the most. A folder that cannot be opened is reported by who reads it. */
static enum tu_status lock_folder(const char *path, int *out_fd, struct tu_error *err)
{
	const struct timespec pause = {0, 50 * 1000000L};

	*out_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int tries = 0; *out_fd >= 0 && flock(*out_fd, LOCK_EX | LOCK_NB) != 0; tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			break; /* a file system without locks */
		if (tries == LOCK_TRIES)
			return tu_fail(err, TU_E_IO, 0,
				"%s: another decision is being made; try again", path);
		(void)nanosleep(&pause, NULL);
	}
	return TU_OK;
}

/* ---- which finding ---- */

static bool is_named(const struct tu_deciding *d, const struct tu_assessment *a)
{
	const struct tu_component *component = tu_deciding_component(d, a);
	struct tu_str wanted = tu_str_c(d->request->component);

	return !wanted.len || tu_assess_is_named(component, wanted);
}

static enum tu_status find_assessment(struct tu_deciding *d, struct tu_error *err)
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
		d->request->vulnerability,
		TU_STR_FMT(tu_deciding_component(d, d->assessment)->name));
}

/* ---- writing ---- */

/* "CVE-2022-0847-linux-yocto-4.3.1.yaml": what a name may not contain becomes a hyphen, what is
 * longer than a file's name may be is cut, and a mark of the whole then keeps it apart from others
 * that lost the same (names of another script). */
void tu_decide_file_name(const struct tu_deciding *d, struct tu_buf *out)
{
	/* a file's name has 255, with mark, number and ending */
	enum { DIGEST_DIGITS = 12, NAME_BYTES = 200 };
	const struct tu_component *component = tu_deciding_component(d, d->assessment);
	struct tu_buf whole;
	struct tu_str text;
	bool lost = false;

	tu_buf_init(&whole, 1 << 20);
	tu_buf_printf(&whole, "%.*s-%.*s-%.*s", TU_STR_FMT(d->decision.vulnerability),
		TU_STR_FMT(component->name), TU_STR_FMT(d->assessing.release->version));
	text = tu_buf_str(&whole);
	lost = text.len > NAME_BYTES;
	for (size_t i = 0; i < text.len && i < NAME_BYTES; i++) {
		char c = text.ptr[i];
		bool fine = tu_char_is_alnum(c) || c == '.' || c == '_' || c == '-';

		tu_buf_byte(out, fine ? c : '-');
		lost |= !fine;
	}
	if (lost) {
		tu_buf_byte(out, '-');
		tu_sha256_mark(text, DIGEST_DIGITS, out);
	}
	out->failed |= whole.failed;
	tu_buf_done(&whole);
}

static enum tu_status path_of(struct tu_deciding *d, struct tu_buf *out, struct tu_error *err)
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
		tu_decide_file_name(d, out);
	if (!tu_str_ends(tu_buf_str(out), TU_STR(".yaml")))
		tu_buf_c(out, ".yaml");
	tu_buf_byte(out, '\0');
	if (out->failed)
		return tu_no_memory(err);
	if (d->request->file && strchr(d->request->file, '/'))
		return tu_fail(err, TU_E_USAGE, 0, "--file is a name in decisions/, not a path");
	if (d->request->file && d->request->file[0] == '.')
		return tu_fail(err, TU_E_USAGE, 0,
			"--file begins with a dot: such a file would not be read");
	return TU_OK;
}

/* What was amended, as the deadlines take it; exploitation as the knowledge base has it, where
 * there is one. */
static enum tu_status prove_dates(
	struct tu_deciding *d, struct tu_decide_dates *dates, struct tu_error *err)
{
	const char *name = d->request->assessing.kb;
	struct tu_kb_file kb = {0};
	struct tu_error none = {0};
	enum tu_status status =
		tu_kb_file_open(d->context, name, TU_KB_VERIFY_ONCE, &kb, name ? err : &none);

	if (status == TU_OK)
		dates->kb = kb.kb;
	if (status == TU_OK || !name)
		status = tu_decide_check_dates(d, dates, err);
	tu_kb_file_close(&kb);
	return status;
}

/* What is written must read back, and agree with what is there. */
static enum tu_status prove(struct tu_deciding *d, struct tu_str file, struct tu_str text,
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
		return tu_no_memory(err);
	if (!replaces)
		status = tu_decide_check(d, read, err);
	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < folder->decision_count; i++)
		if (!replaces || !tu_str_eq(folder->decisions[i]->file, tu_str_c(replaces)))
			all[count++] = folder->decisions[i];
	all[count++] = read;
	status = tu_decisions_check(all, count, err);
	if (status != TU_OK || !replaces || d->request->taken_back)
		return status;
	return prove_dates(d, &(struct tu_decide_dates){all, count, read, d->event, NULL}, err);
}

/* Compose, prove, and write unless it is a trial. */
static enum tu_status write_decision(
	struct tu_deciding *d, const char *path, bool replace, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = TU_OK;

	tu_decision_write(&d->decision, &d->text);
	if (d->text.failed)
		status = tu_fail(err, TU_E_LIMIT, 0, "the decision is larger than a file may be");
	if (status == TU_OK)
		status = prove(d, tu_str_c(path), tu_buf_str(&d->text), replace ? path : NULL, err);
	if (status == TU_OK && !replace && access(path, F_OK) == 0)
		status = tu_fail(err, TU_E_USAGE, 0,
			"%s exists; name another with --file and --supersedes", path);
	if (status != TU_OK || d->request->dry_run)
		return status;
	/* an editor, or what was pulled from elsewhere, knows nothing of the lock */
	if (tu_device_folder_stamp(d->request->assessing.folder) != d->stamp)
		return tu_fail(err, TU_E_IO, 0,
			"%s: device.yaml or a decision has changed since it was read: nothing is "
			"written, look at it and decide again",
			d->request->assessing.folder);
	status = tu_output_replace(&output, path, err);
	if (status != TU_OK)
		return status;
	tu_buf_str_add(&output.sink.buf, tu_buf_str(&d->text));
	return tu_output_close(&output, err);
}

static enum tu_status find_and_fill(
	const struct tu_app_context *context, struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decide_request *r = d->request;
	enum tu_status status = tu_app_assess(context, &r->assessing, &d->assessing, err);

	if (status == TU_OK)
		status = find_assessment(d, err);
	if (status == TU_OK && !r->status)
		status = r->ask ? r->ask(d, err)
				: tu_fail(err, TU_E_USAGE, 0, "--status is missing");
	return status == TU_OK ? tu_decide_fill(d, err) : status;
}

static enum tu_status decide(
	const struct tu_app_context *context, struct tu_deciding *d, struct tu_error *err)
{
	enum tu_status status = find_and_fill(context, d, err);

	if (status == TU_OK)
		status = path_of(d, &d->path, err);
	if (status != TU_OK)
		return status;
	d->decision.id = (struct tu_str){0};
	return write_decision(d, d->path.ptr, false, err);
}

/* ---- amending: an event that happened, a learned_at that was wrong ---- */

/* By its id, or by the vulnerability where one decision alone is about it. */
static enum tu_status find_decision(const struct tu_device_folder *folder, struct tu_str id,
	const struct tu_decision **out, struct tu_error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < folder->decision_count; i++) {
		const struct tu_decision *decision = folder->decisions[i];

		if (tu_str_eq(decision->id, id)) {
			*out = decision;
			return TU_OK;
		}
		if (!tu_decision_is_about(decision, id))
			continue;
		*out = decision;
		count++;
	}
	if (count == 1)
		return TU_OK;
	if (count)
		return tu_fail(err, TU_E_USAGE, 0,
			"%zu decisions are about %.*s: name one by its id, such as \"%.*s\"", count,
			TU_STR_FMT(id), TU_STR_FMT((*out)->id));
	return tu_fail(err, TU_E_NOTFOUND, 0, "no decision has the id \"%.*s\"", TU_STR_FMT(id));
}

static enum tu_status add_event(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_case_event *events = tu_arena_array(
		d->assessing.folder.arena, decision->event_count + 1, sizeof(*events));
	struct tu_case_event *added;
	enum tu_status status;

	if (!events)
		return tu_no_memory(err);
	if (decision->event_count)
		memcpy(events, decision->events, decision->event_count * sizeof(*events));
	added = &events[decision->event_count++];
	*added = (struct tu_case_event){.name = tu_str_c(d->request->event),
		.at = d->now,
		.evidence = tu_str_c(d->request->evidence)};
	decision->events = events;
	d->event = added;
	status = tu_decide_list(d, d->request->contents, &added->contents, err);
	return status == TU_OK ? tu_decide_check_event(d, added, err) : status;
}

/* "EVENT", or "EVENT@TIME" where there are several. Of those that hold. */
static enum tu_status find_event(
	const struct tu_deciding *d, size_t *out_index, struct tu_error *err)
{
	const struct tu_decision *decision = &d->decision;
	struct tu_str text = tu_str_c(d->request->correct_event);
	const size_t sign = tu_str_find(text, '@');
	const struct tu_str name = tu_str_first(text, sign);
	int64_t at = 0;
	size_t count = 0;

	if (sign < text.len) {
		enum tu_status status =
			tu_decide_time("correct-event", text.ptr + sign + 1, &at, err);

		if (status != TU_OK)
			return status;
	}
	for (size_t i = 0; i < decision->event_count; i++) {
		const struct tu_case_event *event = &decision->events[i];

		if (event->corrected || !tu_str_eq(event->name, name) || (at && event->at != at))
			continue;
		*out_index = i;
		count++;
	}
	if (count == 1)
		return TU_OK;
	if (count)
		return tu_fail(err, TU_E_USAGE, 0,
			"--correct-event: the decision has %zu events \"%.*s\": name one by its "
			"time, "
			"%.*s@TIME",
			count, TU_STR_FMT(name), TU_STR_FMT(name));
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"--correct-event: the decision has no event \"%.*s\" that was not corrected",
		TU_STR_FMT(text));
}

/* What is not given is as it was. */
static enum tu_status say_instead(struct tu_deciding *d, const struct tu_case_event *wrong,
	const struct tu_case_event **out_now, struct tu_error *err)
{
	const struct tu_decide_request *r = d->request;
	struct tu_case_event *now = tu_arena_alloc(d->assessing.folder.arena, sizeof(*now));
	enum tu_status status = TU_OK;

	if (!now)
		return tu_no_memory(err);
	*out_now = d->event = now;
	*now = (struct tu_case_event){.name = r->event ? tu_str_c(r->event) : wrong->name,
		.at = r->at ? d->now : wrong->at,
		.evidence = r->evidence ? tu_str_c(r->evidence) : wrong->evidence,
		.contents = wrong->contents};
	if (r->contents)
		status = tu_decide_list(d, r->contents, &now->contents, err);
	return status ? status : tu_decide_check_event(d, now, err);
}

/* The change at the event that was stated first, whichever of its corrections is wrong. */
static enum tu_status add_change(
	struct tu_deciding *d, size_t index, const struct tu_case_event *now, struct tu_error *err)
{
	struct tu_arena *arena = d->assessing.folder.arena;
	struct tu_decision *decision = &d->decision;
	struct tu_case_event *events =
		tu_arena_array(arena, decision->event_count, sizeof(*events));
	struct tu_case_event *first;
	struct tu_event_change *changes;

	if (!events)
		return tu_no_memory(err);
	memcpy(events, decision->events, decision->event_count * sizeof(*events));
	while (events[index].instead)
		index--;
	first = &events[index];
	changes = tu_arena_array(arena, first->change_count + 1, sizeof(*changes));
	if (!changes)
		return tu_no_memory(err);
	if (first->change_count)
		memcpy(changes, first->changes, first->change_count * sizeof(*changes));
	changes[first->change_count++] = (struct tu_event_change){.now = now,
		.reason = tu_str_c(d->request->reason),
		.by = tu_str_c(d->request->by),
		.at = d->request->now};
	first->changes = changes;
	decision->events = events;
	return TU_OK;
}

static enum tu_status correct_event(struct tu_deciding *d, struct tu_error *err)
{
	const struct tu_decide_request *r = d->request;
	const struct tu_case_event *now = NULL;
	bool more = r->event || r->at || r->evidence || r->contents;
	size_t index = 0;
	enum tu_status status;

	if (!r->reason || !r->by)
		return tu_fail(
			err, TU_E_USAGE, 0, "an event is corrected only with --reason and --by");
	if (r->taken_back == more)
		return tu_fail(err, TU_E_USAGE, 0,
			"an event is corrected by what is right instead (--event, --at, "
			"--evidence, "
			"--contents) or --taken-back");
	status = find_event(d, &index, err);
	if (status == TU_OK && !r->taken_back)
		status = say_instead(d, &d->decision.events[index], &now, err);
	return status ? status : add_change(d, index, now, err);
}

static enum tu_status add_correction(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_correction *list = tu_arena_array(
		d->assessing.folder.arena, decision->correction_count + 1, sizeof(*list));
	struct tu_correction *added;

	if (!list)
		return tu_no_memory(err);
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
	return tu_decide_time("correct-learned", d->request->correct_learned, &added->now, err);
}

static enum tu_status amend(struct tu_deciding *d, struct tu_error *err)
{
	const struct tu_decision *old = NULL;
	struct tu_str id = tu_str_c(d->request->vulnerability);
	enum tu_status status =
		tu_device_folder_open(d->request->assessing.folder, &d->assessing.folder, err);

	if (status != TU_OK)
		return status;
	status = find_decision(&d->assessing.folder, id, &old, err);
	if (status != TU_OK)
		return status;
	d->decision = *old;
	if (d->request->correct_event)
		status = correct_event(d, err);
	else if (d->request->taken_back)
		status = tu_fail(err, TU_E_USAGE, 0, "--taken-back belongs to --correct-event");
	else
		status = d->request->event ? add_event(d, err) : add_correction(d, err);
	if (status != TU_OK)
		return status;
	tu_buf_str_add(&d->path, old->file);
	tu_buf_byte(&d->path, '\0');
	return d->path.failed ? tu_no_memory(err) : write_decision(d, d->path.ptr, true, err);
}

static bool amends(const struct tu_decide_request *r)
{
	return r->event || r->correct_event || r->correct_learned || r->taken_back;
}

/* ---- the use case ---- */

enum tu_status tu_app_decide(const struct tu_app_context *context,
	struct tu_decide_request *request, struct tu_deciding *d, struct tu_error *err)
{
	int lock = -1;
	enum tu_status status;

	*d = (struct tu_deciding){.request = request,
		.context = context,
		.decision = {.validity.carry = true},
		.now = request->assessing.at};
	tu_buf_init(&d->path, PATH_LIMIT);
	tu_buf_init(&d->text, DECISION_MAX);
	status = lock_folder(request->assessing.folder, &lock, err);
	d->stamp = tu_device_folder_stamp(request->assessing.folder);
	if (status == TU_OK)
		status = amends(request) ? amend(d, err) : decide(context, d, err);
	if (lock >= 0)
		(void)close(lock);
	return status;
}

void tu_decide_done(struct tu_deciding *d)
{
	tu_buf_done(&d->path);
	tu_buf_done(&d->text);
	tu_assess_done(&d->assessing);
}
