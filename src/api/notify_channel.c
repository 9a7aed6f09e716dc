/* Channels of notifications. */
#include "api/call.h"
#include "notify/notify.h"
#include "service/service.h"

struct channel_row {
	struct tu_str id, name, kind, host, person, team, state;
	int64_t version, created;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct channel_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct channel_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct channel_row, kind, TU_API_WORD, 0),
	TU_API_COLUMN(struct channel_row, host, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct channel_row, person, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct channel_row, team, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct channel_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct channel_row, version, TU_API_INT, 0),
	TU_API_COLUMN(struct channel_row, created, TU_API_TIME, 0),
};
const struct tu_api_table tu_api_table_channel =
	TU_API_TABLE("Channel", struct channel_row, columns);

/* ---- reading ---- */

static struct channel_row row_of(const struct tu_channel *c)
{
	return (struct channel_row){.id = c->public_id,
		.name = c->name,
		.kind = tu_str_c(tu_channel_kind_name(c->kind)),
		.host = c->host,
		.person = c->login,
		.team = c->team,
		.state = c->on ? TU_STR("on") : TU_STR("off"),
		.version = c->version,
		.created = c->created};
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_reading *r = self;
	struct tu_channels all;
	struct channel_row *rows;
	enum tu_status status = tu_channel_list(w->tx, r->call->arena, &all, err);

	if (status != TU_OK)
		return status;
	rows = tu_arena_array(r->call->arena, all.count, sizeof(*rows));
	for (size_t i = 0; rows && i < all.count; i++)
		rows[i] = row_of(&all.at[i]);
	r->rows = (struct tu_api_rows){rows, all.count};
	return rows ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_api_list_channels(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_whole(call, read_all, err);
}

static enum tu_status answer(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_one(call, read_all, call->path[0], "channel", err);
}

enum tu_status tu_api_get_channel(struct tu_api_call *call, struct tu_error *err)
{
	return answer(call, err);
}

/* ---- writing ---- */

struct writing {
	struct tu_api_call *call;
	struct tu_channel_writing x;
	struct tu_str id, secret;
};

static struct writing take(struct tu_api_call *call)
{
	struct writing w = {.call = call,
		.x = {.channel = {.public_id = call->path[0],
			      .name = tu_api_body_str(call, "name"),
			      .person = tu_api_body_str(call, "person"),
			      .team = tu_api_body_str(call, "team"),
			      .on = !tu_str_eq(tu_api_body_str(call, "state"), TU_STR("off")),
			      .version = call->if_match},
			.url = tu_api_body_str(call, "url")}};

	(void)tu_channel_kind_by_name(tu_api_body_str(call, "kind"), &w.x.channel.kind);
	return w;
}

static enum tu_status add(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct writing *asked = self;
	struct writing *x = self;
	struct tu_channel_writing writing = asked->x;
	enum tu_status status =
		tu_channel_add(w, tu_service_notify(x->call->service), &writing, err);

	if (status == TU_OK &&
		(!tu_arena_dup(x->call->arena, writing.channel.public_id, &x->id) ||
			!tu_arena_dup(x->call->arena, writing.secret, &x->secret)))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_create_channel(struct tu_api_call *call, struct tu_error *err)
{
	struct writing x = take(call);
	struct tu_json_writer *json;
	enum tu_status status = tu_api_write(call, add, &x, err);

	if (status != TU_OK)
		return status;
	json = tu_api_json(call);
	tu_json_open_object(json);
	tu_json_member_str(json, "id", x.id);
	tu_api_member_or_null(json, "secret", x.secret);
	tu_json_close_object(json);
	tu_api_created(call, "/v1/channels/%.*s", TU_STR_FMT(x.id));
	return TU_OK;
}

static enum tu_status change(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct writing *x = self;
	struct tu_channel_writing writing = x->x;

	return tu_channel_change(w, tu_service_notify(x->call->service), &writing, err);
}

enum tu_status tu_api_change_channel(struct tu_api_call *call, struct tu_error *err)
{
	struct writing x = take(call);
	enum tu_status status = tu_api_write(call, change, &x, err);

	return status ? status : answer(call, err);
}

static enum tu_status drop(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;

	return tu_channel_remove(w, call->path[0], call->if_match, err);
}

enum tu_status tu_api_delete_channel(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_write(call, drop, call, err);
}

static enum tu_status rotate(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *x = self;
	struct tu_str secret = {0};
	enum tu_status status = tu_channel_rotate(
		w, tu_service_notify(x->call->service), x->call->path[0], &secret, err);

	if (status == TU_OK && !tu_arena_dup(x->call->arena, secret, &x->secret))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_rotate_channel_secret(struct tu_api_call *call, struct tu_error *err)
{
	struct writing x = {.call = call};
	struct tu_json_writer *json;
	enum tu_status status = tu_api_write(call, rotate, &x, err);

	if (status != TU_OK)
		return status;
	json = tu_api_json(call);
	tu_json_open_object(json);
	tu_json_member_str(json, "secret", x.secret);
	tu_json_close_object(json);
	return TU_OK;
}

static enum tu_status test(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;

	return tu_channel_test(w, call->path[0], call->who.person, NULL, err);
}

enum tu_status tu_api_test_channel(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_write(call, test, call, err);

	if (status == TU_OK)
		tu_service_wake(call->service);
	return status;
}
