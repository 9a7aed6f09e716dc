/* tutela ssvc: decisions by SSVC's tables. */
#include <stdio.h>
#include <string.h>

#include <tutela/ssvc.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"

static const char name[] = "ssvc";

static enum tu_status choose(const struct tu_ssvc_table *table, struct tu_ssvc_choice *choice,
	struct tu_str pair, struct tu_error *err)
{
	size_t equals = tu_str_find(pair, '=');

	if (equals == pair.len)
		return tu_fail(err, TU_E_SYNTAX, 0, "expected POINT=VALUE, not \"%.*s\"",
			TU_STR_FMT(tu_str_first(pair, 64)));
	return tu_ssvc_choose(
		table, choice, tu_str_first(pair, equals), tu_str_from(pair, equals + 1), err);
}

static enum tu_status find_table(
	struct tu_str id, const struct tu_ssvc_table **out_table, struct tu_error *err)
{
	*out_table = tu_ssvc_table_by_id(id);
	if (*out_table)
		return TU_OK;
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"no table \"%.*s\": \"tutela ssvc tables\" lists them",
		TU_STR_FMT(tu_str_first(id, 64)));
}

/* Pairs with tabs between; when the table is not given, it stands before them. */
static enum tu_status answer(const struct tu_ssvc_table *table, struct tu_str line,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_ssvc_choice choice = {{0}};
	const struct tu_ssvc_value *outcome;
	struct tu_str part;
	enum tu_status status = TU_OK;

	if (!table && tu_str_split(&line, '\t', &part))
		status = find_table(part, &table, err);
	while (status == TU_OK && line.len > 0 && tu_str_split(&line, '\t', &part))
		status = choose(table, &choice, part, err);
	if (status == TU_OK && table)
		status = tu_ssvc_decide(table, &choice, &outcome, err);
	if (status == TU_OK && !table)
		return tu_fail(err, TU_E_SYNTAX, 0, "an empty line");
	if (status == TU_OK)
		tu_buf_c(out, outcome->name);
	return status;
}

struct batch {
	const struct tu_ssvc_table *table; /* NULL: each line names its own */
};

static bool answer_line(void *context, struct tu_str line, struct tu_buf *out)
{
	const struct batch *batch = context;
	struct tu_error err = {0};

	if (answer(batch->table, line, out, &err) != TU_OK)
		tu_lines_error(out, err.message);
	return !out->failed;
}

static int answer_one(const struct tu_ssvc_table *table, int argc, char **argv)
{
	struct tu_ssvc_choice choice = {{0}};
	const struct tu_ssvc_value *outcome;
	struct tu_error err = {0};
	enum tu_status status = TU_OK;

	for (int i = 0; i < argc && status == TU_OK; i++)
		status = choose(table, &choice, tu_str_c(argv[i]), &err);
	if (status == TU_OK)
		status = tu_ssvc_decide(table, &choice, &outcome, &err);
	if (status != TU_OK) {
		(void)tu_command_failed(name, &err);
		return TU_EXIT_USAGE;
	}
	printf("%s\n", outcome->name);
	return TU_EXIT_OK;
}

static int print_tables(void)
{
	const struct tu_ssvc_table *table;

	for (size_t i = 0; (table = tu_ssvc_table_at(i)); i++)
		printf("%s\t%s\t%s\n", table->id, table->source, table->title);
	return TU_EXIT_OK;
}

static void print_row(const struct tu_ssvc_table *table, const struct tu_ssvc_choice *choice)
{
	const struct tu_ssvc_value *outcome;

	for (size_t p = 0; p < table->point_count; p++)
		printf("%s\t", table->points[p]->values[choice->values[p] - 1].name);
	if (tu_ssvc_decide(table, choice, &outcome, NULL) == TU_OK)
		printf("%s\n", outcome->name);
}

/* Step to the next combination, the last point first; false behind the last. */
static bool advance(const struct tu_ssvc_table *table, struct tu_ssvc_choice *choice)
{
	for (size_t p = table->point_count; p-- > 0;) {
		if (choice->values[p]++ < table->points[p]->value_count)
			return true;
		choice->values[p] = 1;
	}
	return false;
}

static int print_table(const struct tu_ssvc_table *table)
{
	struct tu_ssvc_choice choice;

	for (size_t p = 0; p < table->point_count; p++)
		printf("%s\t", table->points[p]->name);
	printf("%s\n", table->outcome->name);
	memset(&choice, 1, sizeof(choice));
	do
		print_row(table, &choice);
	while (advance(table, &choice));
	return TU_EXIT_OK;
}

static int run_tables(int argc, char **argv)
{
	if (!tu_options_take(&tu_cmd_ssvc_tables, &argc, argv, NULL))
		return TU_EXIT_USAGE;
	return argc == 1 ? print_tables()
			 : tu_command_misused(tu_cmd_ssvc_tables.name, "expected no operand");
}

static int run_ssvc(int argc, char **argv)
{
	struct batch batch = {NULL};
	struct tu_error err = {0};

	if (!tu_options_take(&tu_cmd_ssvc, &argc, argv, NULL))
		return TU_EXIT_USAGE;
	if (argc < 2)
		return tu_command_misused(name, "expected a table or \"-\"");
	if (argc == 2 && strcmp(argv[1], "-") == 0)
		return tu_lines_each(answer_line, &batch);
	if (find_table(tu_str_c(argv[1]), &batch.table, &err) != TU_OK)
		return tu_command_misused(name, "%s", err.message);
	if (argc == 2)
		return print_table(batch.table);
	if (argc == 3 && strcmp(argv[2], "-") == 0)
		return tu_lines_each(answer_line, &batch);
	return answer_one(batch.table, argc - 2, argv + 2);
}

const struct tu_command tu_cmd_ssvc = {
	.name = "ssvc",
	.summary = "Decide by the decision tables of SSVC",
	.usage = {"TABLE POINT=VALUE...", "TABLE", "TABLE -", "-"},
	.notes = "Prints the decision, or with TABLE alone the whole table. \"-\" reads lines of\n"
		 "POINT=VALUE separated by tabs, after TABLE and a tab where none is named. "
		 "Example:\n"
		 "  tutela ssvc cisa-coordinator exploitation=poc automatable=yes \\\n"
		 "    technical-impact=total mission-and-well-being-impact=high\n",
	.run = run_ssvc,
};

const struct tu_command tu_cmd_ssvc_tables = {
	.name = "ssvc tables",
	.summary = "List the decision tables",
	.run = run_tables,
};
