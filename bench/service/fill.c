/*
 * The stress set into an empty store: bench/service/fill.sql with its words replaced.
 *
 * usage: bench-fill PLACE FILL.SQL RELEASES
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "store/engine.h"
#include "store/migrate.h"

/* What the engines write differently. */
static const struct {
	const char *word;
	const char *text[TU_STORE_ENGINES];
} words[] = {
	{"{blob}", {"zeroblob(1)", "decode('00', 'hex')"}},
	{"{bytes}", {"BLOB", "BYTEA"}},
};

struct fill {
	struct tu_str sql;
	const char *releases;
};

/* Append the text with its words replaced. */
static void replace(struct tu_buf *out, const struct fill *fill, enum tu_store_engine engine)
{
	struct tu_str left = fill->sql;

	while (left.len) {
		size_t at = tu_str_find(left, '{'), end;
		struct tu_str word;

		tu_buf_str_add(out, tu_str_first(left, at));
		left = tu_str_from(left, at);
		end = tu_str_find(left, '}');
		word = tu_str_first(left, end + (end < left.len));
		if (tu_str_eq(word, TU_STR("{releases}")))
			tu_buf_c(out, fill->releases);
		for (size_t i = 0; i < TU_COUNT(words); i++)
			if (tu_str_eq(word, tu_str_c(words[i].word)))
				tu_buf_c(out, words[i].text[engine]);
		left = tu_str_from(left, word.len);
	}
}

static enum tu_status run(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct tu_buf sql;
	enum tu_status status;

	tu_buf_init(&sql, 1 << 20);
	replace(&sql, self, tu_store_engine(tx->store));
	tu_buf_byte(&sql, '\0');
	status = sql.failed ? tu_no_memory(err) : tu_tx__script(tx, sql.ptr, err);
	tu_buf_done(&sql);
	return status;
}

int main(int argc, char **argv)
{
	struct tu_store_options options = {.place = argv[1], .timeout_ms = 3600000};
	struct tu_migration_state state;
	struct tu_store *store = NULL;
	struct tu_buf text;
	struct fill fill;
	struct tu_error err;
	enum tu_status status;

	if (argc < 4)
		return 2;
	tu_buf_init(&text, 1 << 20);
	status = tu_input_read(argv[2], &text, &err);
	fill = (struct fill){tu_buf_str(&text), argv[3]};
	if (!status)
		status = tu_store_migrate(&options, 1, &state, &err);
	if (!status)
		status = tu_store_open(&options, &store, &err);
	if (!status)
		status = tu_store_run(store, TU_TX_WRITE, run, &fill, &err);
	if (status)
		fprintf(stderr, "%s\n", err.message);
	tu_store_close(store);
	tu_buf_done(&text);
	return status != TU_OK;
}
