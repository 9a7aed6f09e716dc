#include "audit/accounts.h"

#include "base/json_writer.h"
#include "base/vec.h"

enum { JSON_MAX = 1 << 20 };

/* ---- persons ---- */

static bool read_account(const struct tu_rows *rows, struct tu_arena *arena, struct tu_account *out)
{
	struct tu_str *const texts[] = {
		&out->public, &out->login, &out->role, &out->state, &out->name, &out->mail};
	bool kept = true;

	for (unsigned i = 0; kept && i < TU_COUNT(texts); i++)
		kept = tu_arena_dup(arena, tu_rows_text(rows, i), texts[i]);
	out->password = tu_rows_int(rows, 6) != 0;
	out->second_factor = tu_rows_int(rows, 7) != 0;
	out->version = tu_rows_int(rows, 8);
	out->created = tu_rows_int(rows, 9);
	return kept;
}

enum tu_status tu_account_list(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_accounts *out_accounts, struct tu_error *err)
{
	TU_VEC(struct tu_account) all = {0};
	struct tu_account row = {0};
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(tx, TU_SQL_ACCOUNT_LIST, TU_NO_BIND, &rows, err);

	*out_accounts = (struct tu_accounts){0};
	if (status)
		return status;
	while (kept && tu_rows_next(rows))
		kept = read_account(rows, arena, &row) && TU_VEC_PUSH_IN(arena, &all, row);
	status = tu_rows_close(rows, err);
	*out_accounts = (struct tu_accounts){all.at, all.count};
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_account_find(struct tu_tx *tx, struct tu_str public, struct tu_arena *arena,
	struct tu_account *out_account, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_ACCOUNT_FIND, TU_BIND(tu_text(public)), &rows, err);

	*out_account = (struct tu_account){0};
	if (status)
		return status == TU_E_NOTFOUND ? tu_fail(err, status, 0, "there is no such user")
					       : status;
	kept = read_account(rows, arena, out_account);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

/* ---- teams: one row for the team, then one for each person, then one for each device ---- */

enum { KIND_TEAM, KIND_PERSON, KIND_DEVICE };

/* The arrays of the team whose rows are being read. */
struct gathering {
	struct tu_buf text[2];
	struct tu_json_writer json[2]; /* users, devices */
};

static void begin_arrays(struct gathering *g)
{
	for (size_t i = 0; i < TU_COUNT(g->json); i++) {
		tu_buf_clear(&g->text[i]);
		g->json[i] = tu_json_writer(&g->text[i], false);
		tu_json_open_array(&g->json[i]);
	}
}

static bool end_arrays(struct gathering *g, struct tu_arena *arena, struct tu_team_row *out)
{
	for (size_t i = 0; i < TU_COUNT(g->json); i++)
		tu_json_close_array(&g->json[i]);
	return !g->text[0].failed && !g->text[1].failed &&
		tu_arena_dup(arena, tu_buf_str(&g->text[0]), &out->users) &&
		tu_arena_dup(arena, tu_buf_str(&g->text[1]), &out->devices);
}

static void add_member(struct gathering *g, const struct tu_rows *rows)
{
	if (tu_rows_int(rows, 3) == KIND_DEVICE) {
		tu_json_add_str(&g->json[1], tu_rows_text(rows, 4));
		return;
	}
	tu_json_open_object(&g->json[0]);
	tu_json_member_str(&g->json[0], "id", tu_rows_text(rows, 5));
	tu_json_member_str(&g->json[0], "login", tu_rows_text(rows, 4));
	tu_json_close_object(&g->json[0]);
}

static bool read_team(const struct tu_rows *rows, struct tu_arena *arena, struct tu_team_row *out)
{
	*out = (struct tu_team_row){.version = tu_rows_int(rows, 2)};
	return tu_arena_dup(arena, tu_rows_text(rows, 0), &out->public) &&
		tu_arena_dup(arena, tu_rows_text(rows, 1), &out->name);
}

static bool gather(
	struct gathering *g, struct tu_rows *rows, struct tu_arena *arena, struct tu_team_rows *out)
{
	TU_VEC(struct tu_team_row) all = {0};
	struct tu_team_row row;
	bool kept = true;

	while (kept && tu_rows_next(rows)) {
		if (tu_rows_int(rows, 3) != KIND_TEAM) {
			add_member(g, rows);
			continue;
		}
		if (all.count)
			kept = end_arrays(g, arena, &all.at[all.count - 1]);
		begin_arrays(g);
		kept = kept && read_team(rows, arena, &row) && TU_VEC_PUSH_IN(arena, &all, row);
	}
	if (kept && all.count)
		kept = end_arrays(g, arena, &all.at[all.count - 1]);
	*out = (struct tu_team_rows){all.at, all.count};
	return kept;
}

enum tu_status tu_team_rows(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_team_rows *out_teams, struct tu_error *err)
{
	struct gathering g;
	struct tu_rows *rows;
	bool kept;
	enum tu_status status = tu_tx_query(tx, TU_SQL_TEAM_ROWS, TU_NO_BIND, &rows, err);

	*out_teams = (struct tu_team_rows){0};
	if (status)
		return status;
	tu_buf_init(&g.text[0], JSON_MAX);
	tu_buf_init(&g.text[1], JSON_MAX);
	kept = gather(&g, rows, arena, out_teams);
	tu_buf_done(&g.text[0]);
	tu_buf_done(&g.text[1]);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_team_names(
	struct tu_tx *tx, int64_t person, struct tu_buf *out, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out, false);
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_TEAMS_OF_PERSON, TU_BIND(tu_int(person)), &rows, err);

	if (status)
		return status;
	tu_json_open_array(&json);
	while (tu_rows_next(rows))
		tu_json_add_str(&json, tu_rows_text(rows, 1));
	tu_json_close_array(&json);
	status = tu_rows_close(rows, err);
	return status || !out->failed ? status : tu_no_memory(err);
}

/* ---- keys ---- */

/* "read push everything" as the row has it: the rights as JSON, and whether everything is seen. */
static bool read_scope(struct tu_str scope, struct tu_arena *arena, struct tu_key_row *out)
{
	struct tu_buf text;
	struct tu_json_writer json;
	struct tu_str word;
	enum tu_right right;
	bool kept;

	tu_buf_init(&text, JSON_MAX);
	json = tu_json_writer(&text, false);
	tu_json_open_array(&json);
	while (tu_str_split(&scope, ' ', &word)) {
		if (tu_right_by_name(word, &right))
			tu_json_add_str(&json, word);
		else if (word.len)
			out->everything = true;
	}
	tu_json_close_array(&json);
	kept = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), &out->rights);
	tu_buf_done(&text);
	return kept;
}

static bool read_key(const struct tu_rows *rows, struct tu_arena *arena, struct tu_key_row *out)
{
	*out = (struct tu_key_row){.created = tu_rows_int(rows, 5),
		.expires = tu_rows_int(rows, 6),
		.revoked = tu_rows_int(rows, 7)};
	return tu_arena_dup(arena, tu_rows_text(rows, 0), &out->public) &&
		tu_arena_dup(arena, tu_rows_text(rows, 1), &out->label) &&
		read_scope(tu_rows_text(rows, 2), arena, out) &&
		tu_arena_dup(arena, tu_rows_text(rows, 3), &out->user) &&
		tu_arena_dup(arena, tu_rows_text(rows, 4), &out->team);
}

enum tu_status tu_key_rows(struct tu_tx *tx, struct tu_str login, struct tu_arena *arena,
	struct tu_key_rows *out_keys, struct tu_error *err)
{
	TU_VEC(struct tu_key_row) all = {0};
	struct tu_key_row row;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(tx, TU_SQL_API_KEY_LIST, TU_NO_BIND, &rows, err);

	*out_keys = (struct tu_key_rows){0};
	if (status)
		return status;
	while (kept && tu_rows_next(rows))
		if (!login.len || tu_str_eq(tu_rows_text(rows, 3), login))
			kept = read_key(rows, arena, &row) && TU_VEC_PUSH_IN(arena, &all, row);
	status = tu_rows_close(rows, err);
	*out_keys = (struct tu_key_rows){all.at, all.count};
	return status || kept ? status : tu_no_memory(err);
}
