/* What a push looks at beside what it puts: the folder alone, and what the ledger says. */
#include <stdarg.h>
#include <stdio.h>

#include "app/early.h"
#include "portfolio/push_inside.h"

enum { LINE_MAX_BYTES = 1024 };

bool tu_push__say(struct tu_push *push, bool clash, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES];
	struct tu_str copy;
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!tu_arena_dup(push->arena, tu_str_c(text), &copy))
		return false;
	return clash ? TU_VEC_PUSH_IN(push->arena, &push->said.clashes, copy)
		     : TU_VEC_PUSH_IN(push->arena, &push->said.notes, copy);
}

static struct tu_str name_of(const struct tu_decision *decision)
{
	return tu_str_from(decision->file, tu_str_rfind(decision->file, '/') + 1);
}

/* ---- what decisions name ---- */

static bool is_decision(const struct tu_device_folder *folder, struct tu_str file)
{
	for (size_t i = 0; i < folder->decision_count; i++)
		if (tu_str_eq(folder->decisions[i]->file, file))
			return true;
	return false;
}

enum tu_status tu_push__check_decisions(const struct tu_device_folder *folder, int64_t at,
	struct tu_push *push, struct tu_error *err)
{
	const struct tu_lint_input input = {.device = folder->device,
		.at = at,
		.decisions = folder->decisions,
		.decision_count = folder->decision_count};
	struct tu_lints lints = {0};
	size_t found = 0;
	enum tu_status status = tu_device_lint(folder->arena, &input, &lints, err);

	for (size_t i = 0; status == TU_OK && i < lints.count; i++) {
		const struct tu_lint *lint = &lints.at[i];
		const struct tu_decision named = {.file = lint->file};

		if (lint->level != TU_LINT_ERROR || !is_decision(folder, lint->file))
			continue;
		found++;
		if (!tu_push__say(push, true, "decisions/%.*s: %.*s", TU_STR_FMT(name_of(&named)),
			    TU_STR_FMT(lint->message)))
			status = tu_no_memory(err);
	}
	if (status == TU_OK && found)
		status = tu_fail(err, TU_E_USAGE, 0,
			"decisions name what the device does not have: nothing is pushed. Put them "
			"right, or device.yaml");
	return status;
}

/* ---- what decisions are about ---- */

static bool is_in(const struct tu_selector *selector, const struct tu_inventory *inventory)
{
	for (uint32_t c = 0; c < inventory->component_count; c++)
		if (tu_selector_matches(selector, inventory, c))
			return true;
	return false;
}

/* Which decisions are on a component of this SBOM. */
static enum tu_status look_into(const struct tu_device_folder *folder, const struct tu_item *sbom,
	const struct tu_sbom_reader *reader, bool *seen, struct tu_error *err)
{
	const struct tu_settling settling = {.reader = reader};
	const struct tu_inventory *inventory;
	struct tu_arena *arena = tu_arena_new((size_t)4 << 30);
	enum tu_status status = arena
		? tu_settle_read(arena, &settling, sbom->text, &inventory, err)
		: tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < folder->decision_count; i++)
		seen[i] = seen[i] || is_in(&folder->decisions[i]->component, inventory);
	tu_arena_free(arena);
	return status ? tu_error_in_file(err, "%.*s", TU_STR_FMT(sbom->path)) : TU_OK;
}

enum tu_status tu_push__note_decisions(const struct tu_device_folder *folder,
	const struct tu_items *items, struct tu_push *push, struct tu_error *err)
{
	bool *seen = tu_arena_array(folder->arena, folder->decision_count, sizeof(*seen));
	enum tu_status status = seen ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; seen && i < folder->decision_count; i++)
		seen[i] = false;
	if (!folder->decision_count)
		return status;
	for (size_t i = 0; status == TU_OK && i < items->list.count; i++)
		if (items->list.at[i].kind == TU_ITEM_SBOM)
			status = look_into(folder, &items->list.at[i], push->reader, seen, err);
	for (size_t i = 0; status == TU_OK && i < folder->decision_count; i++)
		if (!seen[i] &&
			!tu_push__say(push, false,
				"decisions/%.*s: no SBOM of the device has its component: it "
				"applies "
				"to nothing",
				TU_STR_FMT(name_of(folder->decisions[i]))))
			status = tu_no_memory(err);
	return status;
}

/* ---- what deadlines make of their dates ---- */

enum tu_status tu_push__note_dates(const struct tu_device_folder *folder, int64_t at,
	struct tu_push *push, struct tu_error *err)
{
	struct tu_deadlines_of of = {0};
	const struct tu_early_look look = {.of = &of};
	struct tu_clock_row row;
	struct tu_buf text;
	size_t next = 0;
	enum tu_status status = tu_deadlines_of_folder(&of, folder, NULL, at, err);

	tu_buf_init(&text, TU_ERROR_MESSAGE_MAX);
	while (status == TU_OK && tu_early_next(&look, &next, &row)) {
		text.len = 0;
		tu_early_write(row.clock, &text);
		if (text.failed ||
			!tu_push__say(push, false, "%.*s: %.*s", TU_STR_FMT(row.of->vulnerability),
				TU_STR_FMT(tu_buf_str(&text))))
			status = tu_no_memory(err);
	}
	tu_buf_done(&text);
	return status;
}

/* ---- what was there before ---- */

static bool says(struct tu_str body, struct tu_str digest)
{
	return tu_str_search(body, digest) < body.len;
}

enum tu_status tu_push__history(struct tu_work *w, struct tu_str subject,
	const uint8_t *const digests[2], struct tu_push_history *out, struct tu_error *err)
{
	struct tu_buf here, there;
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_LEDGER_OF_SUBJECT, TU_BIND(tu_text(subject)), &rows, err);
	bool ok = true;

	*out = (struct tu_push_history){0};
	if (status != TU_OK)
		return status;
	tu_buf_init(&here, 2 * TU_SHA256_BYTES);
	tu_buf_init(&there, 2 * TU_SHA256_BYTES);
	tu_sha256_write(digests[0], &here);
	tu_sha256_write(digests[1], &there);
	while (ok && tu_rows_next(rows)) {
		struct tu_str body = tu_rows_text(rows, 1);

		out->was_there = out->was_there || says(body, tu_buf_str(&here));
		/* the newest that names it brought it: it is there now */
		if (says(body, tu_buf_str(&there)))
			ok = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &out->writer);
	}
	ok = ok && !here.failed && !there.failed;
	tu_buf_done(&here);
	tu_buf_done(&there);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

bool tu_push__renew(struct tu_work *w, const struct tu_item *item,
	const struct tu_assessment_row *old, struct tu_push *push, bool *out_own)
{
	const char *words = "somebody else proposed it in the store: it stays as it is";

	*out_own = old && !old->approved && tu_str_eq(old->author, w->act->actor);
	if (*out_own)
		words = "takes the place of what was proposed before";
	else if (old && old->approved)
		words = "it is approved in the store, and another text here: it stays as it is; "
			"who reads both may propose another decision";
	push->kept += !*out_own;
	return tu_push__say(push, false, "%.*s: %s", TU_STR_FMT(item->path), words);
}
