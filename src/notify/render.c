#include "notify/render.h"

#include <stdio.h>

#include <tutela/device.h>
#include <tutela/score.h>

#include "base/base64.h"
#include "base/hmac.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "base/utf8.h"
#include "notify/kinds.h"

enum { CHAT_LINES = 20, LINE_MAX_BYTES = 300, US = 1000000, SECRET_MAX = 64 };

/* ---- lines ---- */

/* "New finding: CVE-2023-38545 in larkspur-ip-200 (critical, harm serious)" */
static void write_line(const struct tu_notice *n, struct tu_buf *out)
{
	const struct tu_notice_kind *kind = tu_notice_kind_find(n->kind);
	const char *before = " (";

	tu_buf_c(out, kind ? kind->words : "Something happened");
	if (n->subject.len)
		tu_buf_printf(out, ": %.*s", TU_STR_FMT(tu_utf8_first(n->subject, LINE_MAX_BYTES)));
	if (n->device.len)
		tu_buf_printf(
			out, " in %.*s", TU_STR_FMT(tu_utf8_first(n->device, LINE_MAX_BYTES)));
	if (n->severity > 0 && n->severity < TU_SEVERITY_COUNT_) {
		tu_buf_printf(out, "%s%s", before, tu_severity_name((enum tu_severity)n->severity));
		before = ", ";
	}
	if (n->harm > TU_HARM_UNKNOWN && n->harm < TU_HARM_COUNT_) {
		tu_buf_printf(out, "%sharm %s", before, tu_harm_name((enum tu_harm)n->harm));
		before = ", ";
	}
	if (n->due) {
		tu_buf_printf(out, "%sdue ", before);
		tu_time_write(n->due / US, out);
		before = ", ";
	}
	if (before[0] == ',')
		tu_buf_byte(out, ')');
}

static size_t shown_of(const struct tu_rendering *r, size_t most)
{
	size_t count = r->notices ? r->notices->count : 0;

	return count < most ? count : most;
}

/* "and 9,800 more": what is not shown; empty: all is. */
static void write_more(const struct tu_rendering *r, size_t shown, struct tu_buf *out)
{
	int64_t more = r->notices ? (int64_t)(r->notices->count - shown) + r->notices->dropped : 0;

	if (more > 0 && r->notices->hidden)
		tu_buf_c(out, "and more");
	else if (more > 0)
		tu_buf_printf(out, "and %lld more", (long long)more);
}

static int64_t all_of(const struct tu_rendering *r)
{
	return r->notices
		? (int64_t)r->notices->count + (r->notices->hidden ? 0 : r->notices->dropped)
		: 0;
}

void tu_render_subject(const struct tu_rendering *r, struct tu_buf *out)
{
	if (r->words.len) {
		tu_buf_str_add(out, r->words);
	} else if (r->notices && r->notices->count == 1 && !r->notices->dropped) {
		write_line(&r->notices->at[0], out);
	} else {
		tu_buf_printf(out, "%lld notices", (long long)all_of(r));
		if (r->rule.len)
			tu_buf_printf(out, " (%.*s)", TU_STR_FMT(r->rule));
	}
}

/* ---- mail ---- */

void tu_render_text(const struct tu_rendering *r, struct tu_buf *out)
{
	size_t shown = shown_of(r, TU_NOTIFY_LINES), before;

	if (r->words.len)
		tu_buf_printf(out, "%.*s\n", TU_STR_FMT(r->words));
	for (size_t i = 0; i < shown; i++) {
		tu_buf_c(out, "- ");
		write_line(&r->notices->at[i], out);
		tu_buf_byte(out, '\n');
	}
	before = out->len;
	write_more(r, shown, out);
	if (out->len > before)
		tu_buf_byte(out, '\n');
	if (r->link.len)
		tu_buf_printf(out, "\n%.*s\n", TU_STR_FMT(r->link));
	if (r->rule.len)
		tu_buf_printf(out, "\nYou get this by the rule \"%.*s\".\n", TU_STR_FMT(r->rule));
	if (r->unsubscribe.len)
		tu_buf_printf(out, "No more of it: %.*s\n", TU_STR_FMT(r->unsubscribe));
}

static void escape(struct tu_str text, struct tu_buf *out)
{
	for (size_t i = 0; i < text.len; i++)
		switch (text.ptr[i]) {
		case '&':
			tu_buf_c(out, "&amp;");
			break;
		case '<':
			tu_buf_c(out, "&lt;");
			break;
		case '>':
			tu_buf_c(out, "&gt;");
			break;
		case '"':
			tu_buf_c(out, "&quot;");
			break;
		default:
			tu_buf_byte(out, text.ptr[i]);
		}
}

void tu_render_html(const struct tu_rendering *r, struct tu_buf *out)
{
	size_t shown = shown_of(r, TU_NOTIFY_LINES);
	struct tu_buf line;

	tu_buf_init(&line, 4096);
	tu_buf_c(out, "<!DOCTYPE html>\n<html lang=\"en\"><body>\n");
	if (r->words.len) {
		tu_buf_c(out, "<p>");
		escape(r->words, out);
		tu_buf_c(out, "</p>\n");
	}
	if (shown)
		tu_buf_c(out, "<ul>\n");
	for (size_t i = 0; i < shown; i++) {
		tu_buf_clear(&line);
		write_line(&r->notices->at[i], &line);
		tu_buf_c(out, "<li>");
		escape(tu_buf_str(&line), out);
		tu_buf_c(out, "</li>\n");
	}
	if (shown)
		tu_buf_c(out, "</ul>\n");
	tu_buf_clear(&line);
	write_more(r, shown, &line);
	tu_buf_printf(out, "<p>%.*s</p>\n", TU_STR_FMT(tu_buf_str(&line)));
	if (r->rule.len) {
		tu_buf_c(out, "<p>You get this by the rule \"");
		escape(r->rule, out);
		tu_buf_c(out, "\".</p>\n");
	}
	tu_buf_c(out, "</body></html>\n");
	out->failed |= line.failed;
	tu_buf_done(&line);
}

/* ---- programs ---- */

static void member_time(struct tu_json_writer *json, const char *key, int64_t us)
{
	size_t start;

	tu_json_key_str(json, tu_str_c(key));
	if (!us) {
		tu_json_add_null(json);
		return;
	}
	start = tu_json_open_text(json);
	tu_time_write(us / US, json->buf);
	tu_json_close_text(json, start);
}

static void member_word(struct tu_json_writer *json, const char *key, bool known, const char *word)
{
	tu_json_key_str(json, tu_str_c(key));
	if (known)
		tu_json_add_str(json, tu_str_c(word));
	else
		tu_json_add_null(json);
}

static void write_item(struct tu_json_writer *json, const struct tu_notice *n)
{
	bool severity = n->severity > 0 && n->severity < TU_SEVERITY_COUNT_;
	bool harm = n->harm > TU_HARM_UNKNOWN && n->harm < TU_HARM_COUNT_;

	tu_json_open_object(json);
	tu_json_member_str(json, "event", n->kind);
	tu_json_member_str(json, "subject", n->subject);
	tu_json_key(json, "device");
	if (n->device.len)
		tu_json_add_str(json, n->device);
	else
		tu_json_add_null(json);
	member_word(json, "severity", severity, tu_severity_name((enum tu_severity)n->severity));
	member_word(json, "harm", harm, tu_harm_name((enum tu_harm)n->harm));
	member_time(json, "due", n->due);
	member_time(json, "at", n->at);
	tu_json_close_object(json);
}

void tu_render_webhook(const struct tu_rendering *r, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);
	size_t shown = shown_of(r, TU_NOTIFY_LINES);

	tu_json_open_object(&json);
	tu_json_member_str(
		&json, "type", r->words.len ? TU_STR("tutela.test") : TU_STR("tutela.notices"));
	member_time(&json, "timestamp", r->at);
	tu_json_key(&json, "data");
	tu_json_open_object(&json);
	tu_json_member_str(&json, "id", r->id);
	tu_json_member_opt(&json, "rule", r->rule);
	tu_json_key(&json, "items");
	tu_json_open_array(&json);
	for (size_t i = 0; i < shown; i++)
		write_item(&json, &r->notices->at[i]);
	tu_json_close_array(&json);
	tu_json_key(&json, "more");
	if (r->notices && r->notices->hidden)
		tu_json_add_null(&json);
	else
		tu_json_add_int(&json, all_of(r) - (int64_t)shown);
	tu_json_close_object(&json);
	tu_json_close_object(&json);
}

/* The lines of a chat: what there is to say, first the subject. */
typedef void add_line(struct tu_json_writer *json, struct tu_str text, bool head);

static void write_chat(const struct tu_rendering *r, struct tu_json_writer *json, add_line *add)
{
	size_t shown = shown_of(r, CHAT_LINES);
	struct tu_buf line;

	tu_buf_init(&line, 4096);
	tu_render_subject(r, &line);
	add(json, tu_buf_str(&line), true);
	for (size_t i = 0; i < shown; i++) {
		tu_buf_clear(&line);
		write_line(&r->notices->at[i], &line);
		add(json, tu_buf_str(&line), false);
	}
	tu_buf_clear(&line);
	write_more(r, shown, &line);
	if (line.len)
		add(json, tu_buf_str(&line), false);
	if (r->link.len)
		add(json, r->link, false);
	json->buf->failed |= line.failed;
	tu_buf_done(&line);
}

static void add_slack(struct tu_json_writer *json, struct tu_str text, bool head)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "type", head ? TU_STR("header") : TU_STR("section"));
	tu_json_key(json, "text");
	tu_json_open_object(json);
	tu_json_member_str(json, "type", TU_STR("plain_text"));
	/* the longest that Slack takes: 150 characters of a header, 3,000 of a section */
	tu_json_member_str(json, "text", tu_utf8_first(text, head ? 150 : 1500));
	tu_json_member_bool(json, "emoji", false);
	tu_json_close_object(json);
	tu_json_close_object(json);
}

void tu_render_slack(const struct tu_rendering *r, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);
	struct tu_buf subject, text;

	tu_buf_init(&subject, 4096);
	tu_buf_init(&text, 4096 * 6);
	tu_render_subject(r, &subject);
	escape(tu_utf8_first(tu_buf_str(&subject), 1500), &text);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "text", tu_buf_str(&text));
	tu_json_key(&json, "blocks");
	tu_json_open_array(&json);
	write_chat(r, &json, add_slack);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	out->failed |= subject.failed || text.failed;
	tu_buf_done(&subject);
	tu_buf_done(&text);
}

static void add_teams(struct tu_json_writer *json, struct tu_str text, bool head)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "type", TU_STR("RichTextBlock"));
	tu_json_key(json, "inlines");
	tu_json_open_array(json);
	tu_json_open_object(json);
	tu_json_member_str(json, "type", TU_STR("TextRun"));
	tu_json_member_str(json, "text", tu_utf8_first(text, 1000));
	if (head)
		tu_json_member_str(json, "weight", TU_STR("Bolder"));
	tu_json_close_object(json);
	tu_json_close_array(json);
	tu_json_close_object(json);
}

void tu_render_teams(const struct tu_rendering *r, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "type", TU_STR("message"));
	tu_json_key(&json, "attachments");
	tu_json_open_array(&json);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "contentType", TU_STR("application/vnd.microsoft.card.adaptive"));
	tu_json_key(&json, "contentUrl");
	tu_json_add_null(&json);
	tu_json_key(&json, "content");
	tu_json_open_object(&json);
	tu_json_member_str(
		&json, "$schema", TU_STR("http://adaptivecards.io/schemas/adaptive-card.json"));
	tu_json_member_str(&json, "type", TU_STR("AdaptiveCard"));
	tu_json_member_str(&json, "version", TU_STR("1.4"));
	tu_json_key(&json, "body");
	tu_json_open_array(&json);
	write_chat(r, &json, add_teams);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_json_close_object(&json);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
}

/* ---- signatures ---- */

static enum tu_status sign_with(
	struct tu_str secret, struct tu_str signed_text, struct tu_buf *out, struct tu_error *err)
{
	struct tu_str text = secret;
	uint8_t key[SECRET_MAX], code[TU_HMAC_MAX];
	size_t len;
	enum tu_status status;

	if (!tu_str_skip(&text, TU_STR("whsec_")) || text.len % 4 || !text.len)
		return tu_fail(err, TU_E_USAGE, 0, "this is no secret of a webhook");
	len = text.len / 4 * 3 - (text.ptr[text.len - 1] == '=') - (text.ptr[text.len - 2] == '=');
	if (len > sizeof(key) || !tu_base64_read(text, key, len))
		return tu_fail(err, TU_E_USAGE, 0, "this is no secret of a webhook");
	status = tu_hmac(TU_HMAC_SHA256, tu_str_of((const char *)key, len), signed_text, code, err);
	if (status)
		return status;
	tu_buf_c(out, out->len ? " v1," : "v1,");
	tu_base64_write(code, 32, out);
	return out->failed ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_webhook_sign(const struct tu_signing *s, struct tu_buf *out, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, s->body.len + 200);
	tu_buf_printf(&text, "%.*s.%lld.", TU_STR_FMT(s->id), (long long)s->timestamp);
	tu_buf_str_add(&text, s->body);
	if (text.failed)
		status = tu_no_memory(err);
	for (size_t i = 0; !status && i < TU_COUNT(s->secrets); i++)
		if (s->secrets[i].len)
			status = sign_with(s->secrets[i], tu_buf_str(&text), out, err);
	tu_buf_done(&text);
	return status;
}
