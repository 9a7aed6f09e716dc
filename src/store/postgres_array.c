/*
 * Many rows of a statement in one command: each parameter is an array, in the binary form that
 * PostgreSQL's array_recv() reads:
 *
 *   32 bits each: dimensions (1), whether there are NULLs, the type, elements, the first index (1)
 *   of each element: 32 bits of length (-1: NULL), then that many bytes
 */
#include "base/big_endian.h"
#include "store/postgres.h"
#include "store/tables.h"

enum { ARRAYS_MAX = 16 };
#define ARRAY_BYTES_MAX ((size_t)INT32_MAX / 2)

struct arrays {
	struct tu_buf bytes; /* of all, one after the other */
	size_t ends[ARRAYS_MAX];
};

static void add_number(struct tu_buf *out, uint64_t number, size_t bytes)
{
	char made[8];

	tu_big_endian_put(made, number, bytes);
	tu_buf_add(out, made, bytes);
}

static enum tu_value_type type_of(char letter)
{
	return letter == 'i' ? TU_VALUE_INT : letter == 't' ? TU_VALUE_TEXT : TU_VALUE_BLOB;
}

static Oid oid_of(char letter)
{
	return letter == 'i' ? TU_OID_INT8 : letter == 't' ? TU_OID_TEXT : TU_OID_BYTEA;
}

/* False: it is of another type than the array. */
static bool add_element(struct tu_buf *out, const struct tu_value *value, char letter)
{
	if (value->type == TU_VALUE_NULL) {
		add_number(out, UINT32_MAX, 4);
		return true;
	}
	if (value->type != type_of(letter) || value->text.len > ARRAY_BYTES_MAX)
		return false;
	if (value->type == TU_VALUE_INT) {
		add_number(out, 8, 4);
		add_number(out, (uint64_t)value->integer, 8);
	} else {
		add_number(out, value->text.len, 4);
		tu_buf_str_add(out, value->text);
	}
	return true;
}

static bool add_array(struct tu_buf *out, struct tu_params rows, size_t column, char letter)
{
	bool fine = true;

	add_number(out, 1, 4);
	add_number(out, 1, 4); /* there may be NULLs: the flag is a hint */
	add_number(out, oid_of(letter), 4);
	add_number(out, rows.rows, 4);
	add_number(out, 1, 4);
	for (size_t i = 0; fine && i < rows.rows; i++)
		fine = add_element(out, &rows.values[i * rows.count + column], letter);
	return fine;
}

static enum tu_status make_arrays(struct arrays *made, const struct tu_sql_text *row,
	struct tu_params rows, struct tu_error *err)
{
	for (size_t i = 0; i < rows.count; i++) {
		if (!add_array(&made->bytes, rows, i, row->arrays[i]))
			return tu_fail(
				err, TU_E_USAGE, 0, "a value of $%zu is of another type", i + 1);
		made->ends[i] = made->bytes.len;
	}
	return made->bytes.failed ? tu_fail(err, TU_E_LIMIT, 0, "the values are more than 1 GiB")
				  : TU_OK;
}

enum tu_status tu_postgres__send_rows(
	struct postgres_tx *tx, enum tu_sql sql, struct tu_params rows, struct tu_error *err)
{
	const struct postgres_store *store = (const struct postgres_store *)tx->head.store;
	const struct tu_sql_text *row = &tu_sql_texts[sql];
	PGconn *pg = tx->connection->pg;
	struct arrays made;
	const char *values[ARRAYS_MAX];
	int lengths[ARRAYS_MAX], formats[ARRAYS_MAX], sent = 0;
	enum tu_status status;

	if (rows.count > ARRAYS_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too many parameters");
	tu_buf_init(&made.bytes, ARRAY_BYTES_MAX);
	status = make_arrays(&made, row, rows, err);
	for (size_t i = 0; !status && i < rows.count; i++) {
		size_t start = i ? made.ends[i - 1] : 0;

		values[i] = made.bytes.ptr + start;
		lengths[i] = (int)(made.ends[i] - start);
		formats[i] = 1;
	}
	if (!status) {
		sent = store->pooler || store->unprepared
			? PQ(sendQueryParams)(pg, row->text[TU_STORE_POSTGRES], (int)rows.count,
				  NULL, values, lengths, formats, 1)
			: PQ(sendQueryPrepared)(
				  pg, row->name, (int)rows.count, values, lengths, formats, 1);
		status = sent ? TU_OK : tu_postgres__failed(pg, NULL, err);
	}
	tu_buf_done(&made.bytes);
	return status;
}
