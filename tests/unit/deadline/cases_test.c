/* tests/tables/deadline/cases.tsv: which cases the decisions of a device make. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/deadline.h>

#include "table.h"

enum { DECISIONS_MAX = 4, EVENTS_MAX = 4 };

struct scene {
	struct tu_decision decisions[DECISIONS_MAX];
	const struct tu_decision *list[DECISIONS_MAX];
	struct tu_case_event events[DECISIONS_MAX][EVENTS_MAX];
	struct tu_str aliases[DECISIONS_MAX];
	size_t count;
};

static const char *const statuses[TU_CLAIM_STATUSES] = {
	"?", "investigated", "not-affected", "affected", "fixed"};
static const char *const risks[] = {"undecided", "controlled", "uncontrolled"};

static int64_t number(struct tu_str text)
{
	uint64_t value;

	assert_true(tu_str_to_u64(text, 10000, &value));
	return (int64_t)value;
}

static void add_event(struct scene *s, size_t n, struct tu_str text)
{
	size_t at = tu_str_find(text, '@');
	struct tu_case_event *event = &s->events[n][s->decisions[n].event_count++];

	static const struct tu_event_correction corrected;

	assert_true(s->decisions[n].event_count <= EVENTS_MAX);
	if (text.ptr[text.len - 1] == '!') {
		event->corrected = &corrected;
		text.len--;
	}
	event->name = tu_str_first(text, at);
	event->at = number(tu_str_from(text, at + 1));
}

static void read_word(struct scene *s, size_t n, struct tu_str word)
{
	struct tu_decision *d = &s->decisions[n];
	struct tu_str name = word;

	for (size_t i = 0; i < TU_COUNT(statuses); i++)
		if (tu_str_eq(word, tu_str_c(statuses[i])))
			d->status = (enum tu_claim_status)i;
	for (size_t i = 0; i < TU_COUNT(risks); i++)
		if (tu_str_eq(word, tu_str_c(risks[i])))
			d->risk = (enum tu_risk)i;
	d->premises.kev |= tu_str_eq(word, TU_STR("kev"));
	if (tu_str_skip(&name, TU_STR("learned=")))
		d->learned_at = number(name);
	else if (tu_str_skip(&name, TU_STR("supersedes=")))
		d->supersedes = name;
	else if (tu_str_skip(&name, TU_STR("event=")))
		add_event(s, n, name);
	else if (tu_str_skip(&name, TU_STR("alias="))) {
		s->aliases[n] = name;
		d->aliases = (struct tu_texts){&s->aliases[n], 1};
	}
}

static void read_decisions(struct scene *s, struct tu_str text)
{
	struct tu_str one, word;

	while (text.len && tu_str_split(&text, ';', &one)) {
		size_t n = s->count++;

		assert_true(s->count <= DECISIONS_MAX);
		one = tu_str_trim(one);
		(void)tu_str_split(&one, ' ', &s->decisions[n].id);
		(void)tu_str_split(&one, ' ', &s->decisions[n].vulnerability);
		while (one.len && tu_str_split(&one, ' ', &word))
			read_word(s, n, word);
		s->decisions[n].events = s->events[n];
		s->list[n] = &s->decisions[n];
	}
}

static void write_case(const struct tu_deadline_case *c, struct tu_buf *out)
{
	tu_buf_printf(out, "%.*s risk=%s", TU_STR_FMT(c->vulnerability), risks[c->risk]);
	tu_buf_printf(out, "%s%s%s%s", c->was_uncontrolled ? " was=uncontrolled" : "",
		c->was_controlled ? " was=controlled" : "", c->closed ? " closed" : "",
		c->exploited ? " exploited" : "");
	if (c->learned)
		tu_buf_printf(out, " learned=%lld", (long long)c->learned);
	tu_buf_printf(out, " of=%zu", c->decision_count);
	for (size_t i = 0; i < c->event_count; i++)
		tu_buf_printf(out, " event=%.*s@%lld%s", TU_STR_FMT(c->events[i]->name),
			(long long)c->events[i]->at, c->events[i]->corrected ? "!" : "");
}

static void check(const struct table *table)
{
	struct scene s = {.count = 0};
	struct tu_arena *arena = tu_arena_new(1 << 20);
	const struct tu_deadline_case *cases = NULL;
	struct tu_error err = {0};
	struct tu_buf text;
	size_t count;

	assert_non_null(arena);
	tu_buf_init(&text, 1 << 16);
	read_decisions(&s, table->fields[0]);
	assert_int_equal(tu_deadline_cases(arena, s.list, s.count, &cases, &count, &err), TU_OK);
	assert_true(cases || !count);
	for (size_t i = 0; i < count; i++) {
		if (i)
			tu_buf_c(&text, "; ");
		write_case(&cases[i], &text);
		assert_non_null(cases[i].decisions[0]);
	}
	if (!tu_str_eq(tu_buf_str(&text), table->fields[1]))
		fail_msg("line %zu: %.*s", table->line, TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
	tu_arena_free(arena);
}

static void cases_are_those_of_the_table(void **state)
{
	struct table table;
	(void)state;

	table_open(&table, "deadline/cases.tsv");
	while (table_next(&table))
		check(&table);
	table_close(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_are_those_of_the_table),
	};

	return cmocka_run_group_tests_name("deadline cases", tests, NULL, NULL);
}
