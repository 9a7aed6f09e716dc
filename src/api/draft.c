/* Drafts of forms, and who else has one open. */
#include "api/finding_json.h"
#include "portfolio/draft.h"

struct asking {
	struct tu_api_call *call;
	struct tu_draft_form form;
	struct tu_str content;
	int64_t version;
};

static struct asking ask(struct tu_api_call *call)
{
	uint64_t version = 0;

	(void)tu_json_u64(tu_json_get(call->body, TU_STR("version")), INT64_MAX, &version);
	return (struct asking){.call = call,
		.form = {.person = call->who.person,
			.subject = tu_api_query(call, "subject"),
			.scope = &call->who.scope},
		.content = tu_api_body_str(call, "content"),
		.version = (int64_t)version};
}

/* ---- all of a person ---- */

static enum tu_status list(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_drafts drafts;
	enum tu_status status = tu_draft_list(w, call->who.person, &drafts, err);

	tu_api_restart(call);
	if (status != TU_OK)
		return status;
	tu_json_open_object(json);
	tu_json_key(json, "drafts");
	tu_json_open_array(json);
	for (size_t i = 0; i < drafts.count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "subject", drafts.at[i].subject);
		tu_json_member_int(json, "version", drafts.at[i].version);
		tu_api_member_us(json, "changed", drafts.at[i].changed);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
	return TU_OK;
}

enum tu_status tu_api_list_drafts(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_read(call, list, call, err);
}

/* ---- one ---- */

static void write_draft(struct tu_json_writer *json, const struct tu_draft *draft)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "subject", draft->subject);
	tu_api_member_null(json, "content", draft->content);
	tu_json_member_int(json, "version", draft->version);
	tu_api_member_us(json, "changed", draft->changed);
	tu_json_key(json, "others");
	tu_json_open_array(json);
	for (size_t i = 0; i < draft->other_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "name", draft->others[i].name);
		tu_api_member_us(json, "seen", draft->others[i].seen);
		tu_json_member_bool(json, "typed", draft->others[i].typed);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
}

static enum tu_status show(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_draft draft;
	enum tu_status status = tu_draft_read(w, &a->form, &draft, err);

	tu_api_restart(a->call);
	if (status == TU_OK)
		write_draft(tu_api_json(a->call), &draft);
	return status;
}

enum tu_status tu_api_get_draft(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = ask(call);

	return tu_api_read(call, show, &a, err);
}

static enum tu_status open(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;
	enum tu_status status = tu_draft_open(w, &a->form, err);

	return status ? status : show(w, self, err);
}

enum tu_status tu_api_open_form(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = ask(call);

	return tu_api_write(call, open, &a, err);
}

static enum tu_status keep(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;
	enum tu_status status = tu_draft_keep(w, &a->form, a->content, a->version, err);

	return status ? status : show(w, self, err);
}

enum tu_status tu_api_keep_draft(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = ask(call);

	return tu_api_write(call, keep, &a, err);
}

static enum tu_status drop(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;

	return tu_draft_drop(w, &a->form, err);
}

enum tu_status tu_api_drop_draft(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = ask(call);

	return tu_api_write(call, drop, &a, err);
}
