/* The ledger's chain in the database. */
#include <string.h>

#include "datadir/backup.h"
#include "ledger/chain.h"

enum { PAGE = 1000 };

struct walk {
	int64_t next;
	uint8_t hash[TU_SHA256_BYTES];
};

static enum tu_status bad(struct tu_error *err, int64_t n, const char *what)
{
	return tu_fail(err, TU_E_CORRUPT, 0, "record %lld of the ledger %s", (long long)n, what);
}

static enum tu_status follow(struct walk *walk, const struct tu_rows *rows, struct tu_error *err)
{
	struct tu_ledger_texts texts = {tu_rows_text(rows, 2), tu_rows_text(rows, 3),
		tu_rows_text(rows, 4), tu_rows_text(rows, 5)};
	struct tu_str stated = tu_rows_text(rows, 6);
	uint8_t content[TU_SHA256_BYTES];
	enum tu_status status;

	if (tu_rows_int(rows, 0) != walk->next)
		return bad(err, walk->next, "is missing");
	status = tu_ledger_content(&texts, content, err);
	if (status)
		return status;
	if (tu_ledger_hash(walk->hash, walk->next, tu_rows_int(rows, 1), content, walk->hash))
		return tu_no_memory(err);
	if (!tu_str_eq(stated, tu_str_of((const char *)walk->hash, sizeof(walk->hash))))
		return bad(err, walk->next, "and its hash do not belong together");
	walk->next++;
	return TU_OK;
}

static enum tu_status follow_page(
	struct tu_tx *tx, struct walk *walk, size_t *out_count, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(
		tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(walk->next), tu_int(PAGE)), &rows, err);
	enum tu_status end;

	*out_count = 0;
	if (status)
		return status;
	while (!status && tu_rows_next(rows)) {
		status = follow(walk, rows, err);
		++*out_count;
	}
	end = tu_rows_close(rows, status ? NULL : err);
	return status ? status : end;
}

enum tu_status tu_chain_check(struct tu_tx *tx, int64_t *out_records, struct tu_error *err)
{
	struct walk walk = {.next = 1};
	struct tu_rows *rows;
	size_t count = PAGE;
	enum tu_status status = TU_OK;
	bool fits;

	while (!status && count == PAGE)
		status = follow_page(tx, &walk, &count, err);
	if (!status)
		status = tu_tx_row(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, err);
	if (status)
		return status;
	fits = tu_rows_int(rows, 0) == walk.next - 1 &&
		tu_str_eq(tu_rows_text(rows, 1),
			tu_str_of((const char *)walk.hash, sizeof(walk.hash)));
	*out_records = walk.next - 1;
	status = tu_rows_close(rows, err);
	return status || fits ? status : bad(err, walk.next, "is not the next after the head");
}
