/* The door for people without an account: its rows, and how it says no. */
#include "connect/report/door.h"

#include "api/operations.h"
#include "api/rows.h"
#include "connect/report/operations.h"
#include "http/server.h"
#include "report/form.h"

/* The rows, which need the headers above. */
#include "connect/report/routes.inc"

static const char page_type[] = "text/html; charset=utf-8";

const char *tu_report_refuse(const struct tu_api_refusal *refusal, struct tu_buf *out)
{
	tu_form_write_refusal(refusal->title, tu_str_c(refusal->detail), out);
	return page_type;
}

struct reading {
	struct tu_api_call *call;
	struct tu_inbox_settings *out;
};

static enum tu_status read_settings(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	struct tu_inbox_settings *s = r->out;
	struct tu_arena *arena = r->call->arena;
	enum tu_status status = tu_inbox_settings_read(w, s, err);

	if (status != TU_OK)
		return status;
	return tu_arena_dup(arena, s->contact, &s->contact) &&
			tu_arena_dup(arena, s->key, &s->key) &&
			tu_arena_dup(arena, s->words, &s->words)
		? TU_OK
		: tu_no_memory(err);
}

enum tu_status tu_report__settings(
	struct tu_api_call *call, struct tu_inbox_settings *out, struct tu_error *err)
{
	struct reading r = {call, out};
	enum tu_status status = tu_api_read(call, read_settings, &r, err);

	if (status != TU_OK || tu_inbox_form_open(out))
		return status;
	return tu_fail(err, TU_E_NOTFOUND, 0, "%s",
		out->form_off ? "there is no form here"
			      : "there is no form here yet: it opens when an administrator has "
				"set a contact for reports (settings of reports, \"contact\")");
}

/* By the Fetch metadata that browsers send, and the Origin of those that do not. */
enum tu_status tu_report__check_site(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str site = tu_http_header(call->http, TU_STR("Sec-Fetch-Site"));
	struct tu_str origin = tu_http_header(call->http, TU_STR("Origin"));
	size_t at = tu_str_search(origin, TU_STR("://"));
	bool fine = true;

	if (site.len)
		fine = tu_str_eq(site, TU_STR("same-origin")) || tu_str_eq(site, TU_STR("none"));
	else if (at < origin.len) /* "null" comes from a page that says not where it is from */
		fine = tu_str_ieq(tu_str_from(origin, at + 3), call->http->host);
	if (fine)
		return TU_OK;
	call->problem.type = TU_PROBLEM_FORBIDDEN;
	return tu_fail(err, TU_E_CONSTRAINT, 0, "it was sent by a page of another site");
}

enum tu_status tu_report__answer(
	struct tu_api_call *call, struct tu_buf *page, struct tu_error *err)
{
	char *policy = tu_arena_text(call->arena, TU_FORM_POLICY_MAX);
	enum tu_status status = policy ? tu_form_policy(policy, err) : tu_no_memory(err);

	if (status == TU_OK && page->failed)
		status = tu_fail(err, TU_E_LIMIT, 0, "the page is too large");
	if (status != TU_OK) {
		tu_buf_done(page);
		return status;
	}
	tu_api_answer_header(call, "Content-Security-Policy", tu_str_c(policy));
	tu_api_answer_buf(call, page_type, page, TU_STR(""));
	return TU_OK;
}
