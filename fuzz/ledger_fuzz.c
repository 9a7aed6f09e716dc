/*
 * Any bytes as an exported ledger and as a file of checkpoints: reading never crashes, and what
 * is accepted is written again as the same bytes.
 */
#include <stdlib.h>

#include "ledger/export.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_MAX = 1 << 26 };

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void read_checkpoints(struct tu_str text)
{
	struct tu_checkpoints list = {0};
	struct tu_error err = {0};
	struct tu_buf out;

	tu_buf_init(&out, OUT_MAX);
	if (tu_checkpoints_read(&list, text, &err))
		require(err.message[0] != '\0' && list.count == 0);
	for (size_t i = 0; i < list.count; i++) {
		require(i == 0 || list.at[i - 1].n <= list.at[i].n);
		tu_checkpoint_write(&list.at[i], &out);
	}
	require(list.count == 0 || out.failed || out.len == text.len);
	tu_buf_done(&out);
	tu_checkpoints_done(&list);
}

static void read_ledger(struct tu_str text)
{
	static const struct tu_ledger_trust nobody;
	struct tu_ledger_reader *reader = tu_ledger_reader_new(&nobody);
	struct tu_error err = {0};
	struct tu_buf said;

	if (!reader)
		return;
	tu_buf_init(&said, OUT_MAX);
	if (tu_ledger_reader_add(reader, text, &err) || tu_ledger_reader_end(reader, &err)) {
		require(err.message[0] != '\0');
	} else {
		const struct tu_ledger_verdict *verdict = tu_ledger_reader_verdict(reader);

		tu_ledger_verdict_write(verdict, &said);
		require(said.len > 0 && verdict->records >= 0);
		require(verdict->fault ||
			verdict->records == tu_ledger_reader_header(reader)->head.n);
	}
	tu_buf_done(&said);
	tu_ledger_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str text = {(const char *)data, size};

	read_checkpoints(text);
	read_ledger(text);
	return 0;
}
