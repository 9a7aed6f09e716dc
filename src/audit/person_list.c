/* Lists as JSON: all who have or had an account, teams, keys. */
#include "audit/key.h"
#include "audit/team.h"
#include "base/json_writer.h"
#include "base/time.h"

enum { US = 1000000 };

/* Each attempt begins with what was there. */
struct attempt {
	enum tu_sql sql;
	void (*write)(const struct tu_rows *rows, struct tu_json_writer *json);
	void (*end)(struct tu_json_writer *json); /* NULL: nothing is open after a row */
	struct tu_buf *out;
	size_t len;
};

static enum tu_status list(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct attempt *a = self;
	struct tu_json_writer json = tu_json_writer(a->out, false);
	struct tu_rows *rows;
	bool any = false;
	enum tu_status status = tu_tx_query(tx, a->sql, TU_NO_BIND, &rows, err);

	a->out->len = a->len;
	if (status)
		return status;
	tu_json_open_array(&json);
	for (; tu_rows_next(rows); any = true)
		a->write(rows, &json);
	if (any && a->end)
		a->end(&json);
	tu_json_close_array(&json);
	return tu_rows_close(rows, err);
}

static enum tu_status run(struct tu_store *store, struct attempt *a, struct tu_error *err)
{
	enum tu_status status;

	a->len = a->out->len;
	status = tu_store_run(store, TU_TX_READ, list, a, err);
	return status || !a->out->failed ? status : tu_no_memory(err);
}

/* ---- persons ---- */

static void write_person(const struct tu_rows *rows, struct tu_json_writer *json)
{
	static const char *const members[] = {"id", "login", "role", "state", "name", "mail"};

	tu_json_open_object(json);
	for (size_t i = 0; i < TU_COUNT(members); i++)
		tu_json_member_opt(json, members[i], tu_rows_text(rows, (unsigned)i));
	tu_json_member_bool(json, "password", tu_rows_int(rows, TU_COUNT(members)) != 0);
	tu_json_close_object(json);
}

enum tu_status tu_person_list(struct tu_store *store, struct tu_buf *out, struct tu_error *err)
{
	struct attempt a = {.sql = TU_SQL_PERSON_LIST, .write = write_person, .out = out};

	return run(store, &a, err);
}

/* ---- teams: one row for the team, then one for each person, then one for each device ---- */

enum { ROW_TEAM, ROW_PERSON, ROW_DEVICE };

static void write_team(const struct tu_rows *rows, struct tu_json_writer *json)
{
	if (tu_rows_int(rows, 2) != ROW_TEAM) {
		tu_json_open_object(json);
		tu_json_member_str(json, tu_rows_int(rows, 2) == ROW_PERSON ? "user" : "device",
			tu_rows_text(rows, 3));
		tu_json_close_object(json);
		return;
	}
	if (tu_rows_int(rows, 4)) { /* not the first */
		tu_json_close_array(json);
		tu_json_close_object(json);
	}
	tu_json_open_object(json);
	tu_json_member_str(json, "id", tu_rows_text(rows, 0));
	tu_json_member_str(json, "name", tu_rows_text(rows, 1));
	tu_json_key(json, "members");
	tu_json_open_array(json);
}

static void end_team(struct tu_json_writer *json)
{
	tu_json_close_array(json);
	tu_json_close_object(json);
}

enum tu_status tu_team_list(struct tu_store *store, struct tu_buf *out, struct tu_error *err)
{
	struct attempt a = {
		.sql = TU_SQL_TEAM_LIST, .write = write_team, .end = end_team, .out = out};

	return run(store, &a, err);
}

/* ---- keys ---- */

static void member_time(struct tu_json_writer *json, const char *key, int64_t us)
{
	size_t start;

	tu_json_key(json, key);
	start = tu_json_open_text(json);
	tu_time_write(us / US, json->buf);
	tu_json_close_text(json, start);
}

static void write_key(const struct tu_rows *rows, struct tu_json_writer *json)
{
	static const char *const members[] = {"id", "label", "scope", "user", "team"};
	static const char *const times[] = {"created", "expires", "revoked"};

	tu_json_open_object(json);
	for (size_t i = 0; i < TU_COUNT(members); i++)
		tu_json_member_opt(json, members[i], tu_rows_text(rows, (unsigned)i));
	for (size_t i = 0; i < TU_COUNT(times); i++)
		if (!tu_rows_is_null(rows, (unsigned)(TU_COUNT(members) + i)))
			member_time(json, times[i],
				tu_rows_int(rows, (unsigned)(TU_COUNT(members) + i)));
	tu_json_close_object(json);
}

enum tu_status tu_key_list(struct tu_store *store, struct tu_buf *out, struct tu_error *err)
{
	struct attempt a = {.sql = TU_SQL_API_KEY_LIST, .write = write_key, .out = out};

	return run(store, &a, err);
}
