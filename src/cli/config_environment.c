/* Defaults of options from the environment. */
#include <stdio.h>
#include <string.h>

#include "cli/config.h"
#include "cli/environment.h"
#include "cli/options.h"

enum { NAME_MAX_BYTES = 64, ADDED_MAX = 256 };

struct adding {
	struct tu_arena *arena;
	char **at; /* "--name=value" */
	int count;
};

/* "--public-url" is "TUTELA_PUBLIC_URL". */
static const char *variable_of(const struct tu_option *option, char out[static NAME_MAX_BYTES])
{
	int len = snprintf(out, NAME_MAX_BYTES, "TUTELA_%s", option->name);

	for (int i = 0; i < len && i < NAME_MAX_BYTES - 1; i++) {
		if (out[i] == '-')
			out[i] = '_';
		else if (tu_char_is_lower(out[i]))
			out[i] = (char)(out[i] - ('a' - 'A'));
	}
	return tu_user_variable(out);
}

static enum tu_status add(
	struct adding *a, const struct tu_option *option, struct tu_str value, struct tu_error *err)
{
	bool flag = option->kind == TU_OPTION_FLAG;
	size_t size = strlen(option->name) + value.len + sizeof("--=");
	char *text = tu_arena_array(a->arena, size, 1);

	if (!text)
		return tu_no_memory(err);
	if (a->count == ADDED_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "the environment sets too many options");
	(void)snprintf(text, size, "--%s%s%.*s", option->name, flag ? "" : "=",
		TU_STR_FMT(flag ? TU_STR("") : value));
	a->at[a->count++] = text;
	return TU_OK;
}

static enum tu_status take(
	struct adding *a, const struct tu_option *option, struct tu_str value, struct tu_error *err)
{
	struct tu_str part;
	enum tu_status status = TU_OK;

	if (option->kind == TU_OPTION_FLAG) {
		if (tu_str_eq(value, TU_STR("false")))
			return TU_OK;
		if (!tu_str_eq(value, TU_STR("true")))
			return tu_fail(err, TU_E_USAGE, 0,
				"the variable for --%s: expected true or false", option->name);
	}
	if (option->kind != TU_OPTION_LIST)
		return add(a, option, value, err);
	while (status == TU_OK && tu_str_split(&value, ',', &part))
		status = add(a, option, tu_str_trim(part), err);
	return status;
}

enum tu_status tu_config__environment(const struct tu_command *command, struct tu_arena *arena,
	int *argc, char ***argv, struct tu_error *err)
{
	char **all = tu_arena_array(arena, (size_t)*argc + ADDED_MAX + 2, sizeof(*all));
	struct adding a = {.arena = arena, .at = all + 1};
	enum tu_status status = all ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < command->option_count; i++) {
		char name[NAME_MAX_BYTES];
		const char *value = variable_of(&command->options[i], name);

		if (value)
			status = take(&a, &command->options[i], tu_str_c(value), err);
	}
	if (status != TU_OK)
		return status;
	all[0] = (*argv)[0];
	memcpy(a.at + a.count, *argv + 1, (size_t)(*argc - 1) * sizeof(*all));
	*argc += a.count;
	*argv = all;
	return TU_OK;
}
