#include "notify/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "base/utf8.h"

enum { LINE = 75, DAY = 24 * 60 * 60 };

/* ---- writing ---- */

static void write_escaped(struct tu_buf *out, struct tu_str text)
{
	while (text.len) {
		size_t len = tu_utf8_len(text);
		char c = text.ptr[0];

		if (!len)
			tu_buf_c(out, "\xEF\xBF\xBD");
		else if (c == '\n')
			tu_buf_c(out, "\\n");
		else if (c == ',' || c == ';' || c == '\\')
			tu_buf_printf(out, "\\%c", c);
		else if (len > 1 || ((unsigned char)c >= ' ' && c != 0x7f))
			tu_buf_str_add(out, tu_str_first(text, len));
		text = tu_str_from(text, len ? len : 1);
	}
}

/* At most 75 bytes a line, broken between characters. */
static void write_folded(struct tu_buf *out, struct tu_str line)
{
	size_t room = LINE;

	while (line.len > room) {
		struct tu_str part = tu_utf8_first(line, room);

		tu_buf_str_add(out, part);
		tu_buf_c(out, "\r\n ");
		line = tu_str_from(line, part.len);
		room = LINE - 1;
	}
	tu_buf_str_add(out, line);
	tu_buf_c(out, "\r\n");
}

void tu_calendar_line(struct tu_buf *out, const char *name, struct tu_str text)
{
	struct tu_buf line;

	tu_buf_init(&line, 1 << 16);
	tu_buf_printf(&line, "%s:", name);
	write_escaped(&line, text);
	write_folded(out, tu_buf_str(&line));
	out->failed |= line.failed;
	tu_buf_done(&line);
}

static void write_time(struct tu_buf *out, const char *name, int64_t at)
{
	int64_t year, month, day, of = at % DAY;

	tu_time_civil(at / DAY, &year, &month, &day);
	tu_buf_printf(out, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, (int)year, (int)month,
		(int)day, (int)(of / 3600), (int)(of / 60 % 60), (int)(of % 60));
}

static enum tu_status write_uid(struct tu_buf *out, const struct tu_calendar_writing *writing,
	const struct tu_deadline_seen *seen, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];

	if (tu_sha256(seen->key, digest))
		return tu_no_memory(err);
	tu_buf_c(out, "UID:");
	for (size_t i = 0; i < 16; i++)
		tu_buf_printf(out, "%02x", digest[i]);
	tu_buf_printf(out, "@%.*s\r\n", TU_STR_FMT(tu_str_first(writing->instance, 32)));
	return TU_OK;
}

static void write_words(struct tu_buf *out, const struct tu_deadline_seen *seen)
{
	const struct tu_deadline *d = seen->deadline;
	char about[TU_DEADLINE_SUBJECT];
	struct tu_buf text;

	tu_buf_init(&text, 1 << 14);
	tu_buf_printf(&text, "[%s] %.*s: %s", tu_deadline_state_name(d->state),
		TU_STR_FMT(tu_deadline_subject(seen, about)),
		d->rule->title ? d->rule->title : d->rule->id);
	if (seen->device->row.name.len)
		tu_buf_printf(&text, " (%.*s)", TU_STR_FMT(seen->device->row.name));
	tu_calendar_line(out, "SUMMARY", tu_buf_str(&text));
	tu_buf_clear(&text);
	tu_buf_printf(&text, "Rule: %s\n", d->rule->id);
	if (d->rule->source)
		tu_buf_printf(&text, "Source: %s\n", d->rule->source);
	tu_buf_c(&text, "Started: ");
	tu_time_write(d->start, &text);
	if (d->stopped) {
		tu_buf_c(&text, "\nDone: ");
		tu_time_write(d->stopped, &text);
	}
	for (size_t i = 0; i < d->lacking_count; i++)
		tu_buf_printf(&text, "\nMissing: %s", d->lacking[i]);
	tu_calendar_line(out, "DESCRIPTION", tu_buf_str(&text));
	out->failed |= text.failed;
	tu_buf_done(&text);
}

static enum tu_status write_event(struct tu_buf *out, const struct tu_calendar_writing *writing,
	const struct tu_deadline_seen *seen, struct tu_error *err)
{
	const struct tu_deadline *d = seen->deadline;
	enum tu_status status;

	tu_buf_c(out, "BEGIN:VEVENT\r\n");
	status = write_uid(out, writing, seen, err);
	write_time(out, "DTSTAMP", writing->now);
	write_time(out, "DTSTART", d->due);
	write_words(out, seen);
	tu_calendar_line(out, "CATEGORIES", tu_str_c(tu_deadline_state_name(d->state)));
	tu_buf_printf(out, "STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\n");
	if (tu_deadline_is_open(d))
		tu_buf_c(out,
			"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:A deadline is near\r\n"
			"TRIGGER:-P1D\r\nEND:VALARM\r\n");
	tu_buf_c(out, "END:VEVENT\r\n");
	return status;
}

enum tu_status tu_calendar_write(
	const struct tu_calendar_writing *writing, struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	tu_buf_c(out,
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tutela//Deadlines//EN\r\n"
		"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Deadlines\r\n"
		"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n");
	for (size_t i = 0; !status && i < writing->seen->list.count; i++)
		if (writing->seen->list.at[i].deadline->due)
			status = write_event(out, writing, &writing->seen->list.at[i], err);
	tu_buf_c(out, "END:VCALENDAR\r\n");
	return status || !out->failed ? status : tu_no_memory(err);
}

/* ---- the address ---- */

static enum tu_status record(struct tu_work *w, const char *action, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, action, "calendar:%.*s", TU_STR_FMT(w->act->actor));
	return tu_record_add(&record, w, err);
}

static enum tu_status digest_of(
	struct tu_str token, uint8_t out[TU_SHA256_BYTES], struct tu_error *err)
{
	return tu_sha256(token, out) ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_calendar_make(struct tu_work *w, int64_t person,
	char out_token[TU_CALENDAR_TOKEN + 1], struct tu_error *err)
{
	char half[TU_RANDOM_ID + 1];
	uint8_t digest[TU_SHA256_BYTES];
	enum tu_status status = tu_random_id(half, err);

	memcpy(out_token, half, TU_RANDOM_ID);
	if (!status)
		status = tu_random_id(half, err);
	memcpy(out_token + TU_RANDOM_ID, half, TU_RANDOM_ID + 1);
	if (!status)
		status = digest_of(tu_str_of(out_token, TU_CALENDAR_TOKEN), digest, err);
	if (!status)
		status = tu_work_exec(w, TU_SQL_CALENDAR_PUT,
			TU_BIND(tu_int(person),
				tu_blob(tu_str_of((const char *)digest, sizeof(digest))),
				tu_int(w->act->at)),
			err);
	return status ? status : record(w, "calendar.make", err);
}

enum tu_status tu_calendar_made(
	struct tu_work *w, int64_t person, int64_t *out_at, struct tu_error *err)
{
	enum tu_status status =
		tu_tx_int(w->tx, TU_SQL_CALENDAR_OF_PERSON, TU_BIND(tu_int(person)), out_at, err);

	if (status == TU_E_NOTFOUND)
		*out_at = 0;
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

enum tu_status tu_calendar_drop(struct tu_work *w, int64_t person, struct tu_error *err)
{
	int64_t at;
	enum tu_status status = tu_calendar_made(w, person, &at, err);

	if (status || !at)
		return status;
	status = tu_work_exec(w, TU_SQL_CALENDAR_REMOVE, TU_BIND(tu_int(person)), err);
	return status ? status : record(w, "calendar.drop", err);
}

enum tu_status tu_calendar_find(
	struct tu_work *w, struct tu_str token, struct tu_str *out_person, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_rows *rows;
	bool fine;
	enum tu_status status = digest_of(token, digest, err);

	if (!status)
		status = tu_tx_row(w->tx, TU_SQL_CALENDAR_FIND,
			TU_BIND(tu_blob(tu_str_of((const char *)digest, sizeof(digest)))), &rows,
			err);
	if (status)
		return status;
	fine = tu_arena_dup(w->arena, tu_rows_text(rows, 0), out_person);
	status = tu_rows_close(rows, err);
	return status || fine ? status : tu_no_memory(err);
}
