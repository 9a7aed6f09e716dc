/* All who have or had an account. */
#include "audit/person.h"
#include "base/json_writer.h"

static const char *const members[] = {"id", "login", "role", "state", "name", "mail"};

static enum tu_status list(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct tu_json_writer *json = self;
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(tx, TU_SQL_PERSON_LIST, TU_NO_BIND, &rows, err);

	if (status)
		return status;
	tu_json_open_array(json);
	while (tu_rows_next(rows)) {
		tu_json_open_object(json);
		for (size_t i = 0; i < TU_COUNT(members); i++)
			tu_json_member_opt(json, members[i], tu_rows_text(rows, (unsigned)i));
		tu_json_member_bool(json, "password", tu_rows_int(rows, TU_COUNT(members)) != 0);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	return tu_rows_close(rows, err);
}

/* Each attempt begins with what was there. */
struct attempt {
	struct tu_json_writer before, json;
	size_t len;
};

static enum tu_status list_again(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct attempt *a = self;

	a->json = a->before;
	a->json.buf->len = a->len;
	return list(tx, &a->json, err);
}

enum tu_status tu_person_list(struct tu_store *store, struct tu_buf *out, struct tu_error *err)
{
	struct attempt a = {.before = tu_json_writer(out, false), .len = out->len};
	enum tu_status status = tu_store_run(store, TU_TX_READ, list_again, &a, err);

	return status || !out->failed ? status : tu_no_memory(err);
}
