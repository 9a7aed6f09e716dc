/*
 * Any text as a decision: reading never crashes, a refusal has words, and what was read is written
 * so that it reads back and is written alike.
 */
#include <stdlib.h>

#include <tutela/decision.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 64 << 20, TEXT_MAX = 1 << 20 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void write_twice(struct tu_arena *arena, const struct tu_decision *first)
{
	const struct tu_decision *second = NULL;
	struct tu_buf once, twice;
	struct tu_error err = {0};

	tu_buf_init(&once, TEXT_MAX);
	tu_buf_init(&twice, TEXT_MAX);
	tu_decision_write(first, &once);
	if (!once.failed) {
		enum tu_status status = tu_decision_read(
			arena, TU_STR("d.yaml"), tu_buf_str(&once), NULL, &second, &err);

		demand(status == TU_OK || status == TU_E_NOMEM || status == TU_E_LIMIT);
	}
	if (second) {
		tu_decision_write(second, &twice);
		demand(twice.failed || tu_str_eq(tu_buf_str(&once), tu_buf_str(&twice)));
	}
	tu_buf_done(&once);
	tu_buf_done(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_decision *decision = NULL;
	struct tu_error err = {0};
	enum tu_status status;

	if (!arena)
		return 0;
	status = tu_decision_read(arena, TU_STR("d.yaml"), tu_str_of((const char *)data, size),
		NULL, &decision, &err);
	demand((status == TU_OK) == (decision != NULL));
	if (decision)
		write_twice(arena, decision);
	else
		demand(err.status == status && err.message[0]);
	tu_arena_free(arena);
	return 0;
}
