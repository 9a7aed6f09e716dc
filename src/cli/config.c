/* Defaults of options from a file. */
#include "cli/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "cli/environment.h"
#include "cli/options.h"

enum { CONFIG_MAX = 1024 * 1024, ENTRIES_MAX = 4096, MEMORY_MAX = 64 * 1024 * 1024 };

/* What only the person who runs a command may decide: where data comes from, what is believed, and
 * which files are written. */
static const char *const command_line_only[] = {"kb", "output", "trust-vex"};

struct reading {
	const struct tu_command *command; /* whose options are wanted */
	const struct tu_command *section; /* NULL before the first heading */
	struct tu_arena *arena;
	const char *path;
	unsigned line;
	char **added; /* "--name=value" */
	int added_count;
	int argc; /* what the command line gives */
	char **argv;
};

bool tu_config_take(struct tu_config *config, int *argc, char ***argv)
{
	while (*argc > 0 && strncmp((*argv)[0], "--config", 8) == 0) {
		const char *rest = (*argv)[0] + 8;
		int used = *rest == '=' ? 1 : 2;

		if (*rest != '=' && *rest != '\0')
			break;
		if (used > *argc) {
			tu_command_misused(NULL, "--config needs a value: --config FILE");
			return false;
		}
		config->path = used == 1 ? rest + 1 : (*argv)[1];
		*argc -= used;
		*argv += used;
	}
	return true;
}

/* ---- the file ---- */

static enum tu_status wrong(const struct reading *r, const char *what, struct tu_str quoted,
	const char *more, struct tu_error *err)
{
	return tu_fail(err, TU_E_USAGE, 0, "%s:%u: %s \"%.*s\"%s", r->path, r->line, what,
		TU_STR_FMT(quoted), more);
}

static enum tu_status take_heading(struct reading *r, struct tu_str line, struct tu_error *err)
{
	struct tu_str name = tu_str_trim(tu_str_first(tu_str_from(line, 1), line.len - 2));

	if (line.ptr[line.len - 1] != ']')
		return wrong(r, "a heading ends with \"]\", unlike", line, "", err);
	r->section = tu_command_by_name(name);
	if (!r->section)
		return wrong(r, "unknown command", name, "", err);
	if (!r->section->run)
		return wrong(r, "no options for", name, "; name one of its commands", err);
	return TU_OK;
}

/* What the file may not say of an option, or NULL. */
static const char *refusal(const struct tu_option *option, struct tu_str value)
{
	for (size_t i = 0; i < TU_COUNT(command_line_only); i++)
		if (strcmp(option->name, command_line_only[i]) == 0)
			return "only the command line may set";
	/* "format = sarif=FILE" would write a file */
	if (option->kind == TU_OPTION_LIST && option->word && tu_str_find(value, '=') < value.len)
		return "only the command line may name a file in";
	if (option->kind == TU_OPTION_FLAG && !tu_str_eq(value, TU_STR("true")) &&
		!tu_str_eq(value, TU_STR("false")))
		return "expected true or false for";
	if (option->word && !tu_word_find(option->word, value))
		return "not one of the values (see --help) of";
	return NULL;
}

/* "--name=value" among what is put in front of the arguments. */
static enum tu_status add(struct reading *r, const struct tu_option *option, struct tu_str value,
	struct tu_error *err)
{
	bool flag = option->kind == TU_OPTION_FLAG;
	size_t size = strlen(option->name) + value.len + sizeof("--=");
	char *text = tu_arena_array(r->arena, size, 1);

	if (!text)
		return tu_no_memory(err);
	if (r->added_count == ENTRIES_MAX)
		return wrong(r, "too many options, at", tu_str_c(option->name), "", err);
	(void)snprintf(text, size, "--%s%s%.*s", option->name, flag ? "" : "=",
		TU_STR_FMT(flag ? TU_STR("") : value));
	if (!flag || tu_str_eq(value, TU_STR("true")))
		r->added[r->added_count++] = text;
	return TU_OK;
}

static bool is_given(const struct reading *r, const struct tu_option *option)
{
	const char *joined;

	for (int i = 1; i < r->argc && strcmp(r->argv[i], "--") != 0; i++)
		if (r->argv[i][0] == '-' &&
			tu_options_find(r->command, r->argv[i], &joined) == option)
			return true;
	return false;
}

static enum tu_status take_option(struct reading *r, struct tu_str line, struct tu_error *err)
{
	size_t equals = tu_str_find(line, '=');
	struct tu_str name = tu_str_trim(tu_str_first(line, equals));
	struct tu_str value = tu_str_trim(tu_str_from(line, equals + 1));
	const struct tu_option *option = NULL;
	const char *refused;

	if (equals == line.len)
		return wrong(r, "expected \"option = value\", not", line, "", err);
	if (!r->section)
		return wrong(r, "no [command] before", name, "", err);
	for (size_t i = 0; i < r->section->option_count; i++)
		if (tu_str_eq(tu_str_c(r->section->options[i].name), name))
			option = &r->section->options[i];
	if (!option)
		return wrong(r, "unknown option", name, "", err);
	refused = refusal(option, value);
	if (refused)
		return wrong(r, refused, name, "", err);
	/* a format of the command line takes the place of the file's */
	if (option->kind == TU_OPTION_LIST && option->word && is_given(r, option))
		return TU_OK;
	return r->section == r->command ? add(r, option, value, err) : TU_OK;
}

static enum tu_status take_line(struct reading *r, struct tu_str line, struct tu_error *err)
{
	line = tu_str_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return TU_OK;
	return line.ptr[0] == '[' ? take_heading(r, line, err) : take_option(r, line, err);
}

static enum tu_status read_file(struct reading *r, struct tu_error *err)
{
	struct tu_buf text;
	struct tu_str rest, line;
	enum tu_status status;

	tu_buf_init(&text, CONFIG_MAX);
	status = tu_input_read(r->path, &text, err);
	rest = tu_buf_str(&text);
	while (status == TU_OK && tu_str_split(&rest, '\n', &line)) {
		r->line++;
		status = take_line(r, line, err);
	}
	tu_buf_done(&text);
	return status;
}

/* ---- the arguments ---- */

/* The value of the argument at `i` if it is option `name`, which may be no row of the command;
 * `*out_next` is the index of the next option or operand. */
static const char *value_of(const struct tu_command *command, const char *name, int argc,
	char **argv, int i, int *out_next)
{
	const char *joined = NULL;
	bool is_option = argv[i][0] == '-' && argv[i][1] != '\0';
	const struct tu_option *option =
		is_option ? tu_options_find(command, argv[i], &joined) : NULL;
	struct tu_str text = tu_str_c(argv[i]);
	bool same = option ? strcmp(option->name, name) == 0
			   : tu_str_skip(&text, TU_STR("--")) &&
			tu_str_eq(tu_str_first(text, tu_str_find(text, '=')), tu_str_c(name));
	bool apart = !joined && (same || (option && option->kind != TU_OPTION_FLAG));

	*out_next = i + (apart && i + 1 < argc ? 2 : 1);
	if (!same)
		return NULL;
	return joined ? joined : *out_next == i + 2 ? argv[i + 1] : NULL;
}

/* Take every value of option `name` out of the arguments and append them to `out` with commas
 * between. Returns how many there were. */
static size_t take_values(const struct tu_command *command, const char *name, int *argc,
	char **argv, struct tu_buf *out)
{
	size_t count = 0;
	int kept = 1;
	int i = 1;

	while (i < *argc && strcmp(argv[i], "--") != 0) {
		int next;
		const char *value = value_of(command, name, *argc, argv, i, &next);

		if (value)
			tu_buf_printf(out, "%s%s", count++ ? "," : "", value);
		for (; i < next; i++)
			if (!value)
				argv[kept++] = argv[i];
	}
	while (i < *argc)
		argv[kept++] = argv[i++];
	*argc = kept;
	return count;
}

/* "--fail-on a --fail-on b" becomes "--fail-on=a,b": no later rule drops an earlier one. */
static enum tu_status join(struct tu_config *config, const struct tu_command *command,
	const struct tu_option *option, int *argc, char **argv, struct tu_error *err)
{
	struct tu_buf values;
	enum tu_status status = TU_OK;

	tu_buf_init(&values, CONFIG_MAX);
	tu_buf_printf(&values, "--%s=", option->name);
	if (take_values(command, option->name, argc, argv, &values)) {
		char *text = tu_arena_array(config->arena, values.len + 1, 1);

		if (text && !values.failed) {
			memcpy(text, values.ptr, values.len);
			memmove(&argv[2], &argv[1], (size_t)(*argc - 1) * sizeof(*argv));
			argv[1] = text;
			++*argc;
		} else {
			status = tu_no_memory(err);
		}
	}
	tu_buf_done(&values);
	return status;
}

/* The path that is named after the command, before it or in the environment; NULL: none. */
static enum tu_status find_path(struct tu_config *config, const struct tu_command *command,
	int *argc, char **argv, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status = TU_OK;
	const char *joined;
	size_t count = 0;

	tu_buf_init(&path, CONFIG_MAX);
	if (!tu_options_find(command, "--config", &joined))
		count = take_values(command, "config", argc, argv, &path);
	if (count) {
		char *text = tu_arena_array(config->arena, path.len + 1, 1);

		if (text && path.len)
			memcpy(text, path.ptr, path.len);
		config->path = text;
		status = text && !path.failed ? TU_OK : tu_no_memory(err);
	}
	tu_buf_done(&path);
	if (!config->path)
		config->path = tu_user_variable("TUTELA_CONFIG");
	if (config->path && !config->path[0])
		config->path = NULL;
	return count > 1 ? tu_fail(err, TU_E_USAGE, 0, "--config is given more than once") : status;
}

static enum tu_status prepend(struct tu_config *config, const struct tu_command *command, int *argc,
	char ***argv, struct tu_error *err)
{
	struct reading r = {.command = command,
		.arena = config->arena,
		.path = config->path,
		.argc = *argc,
		.argv = *argv};
	char **all = tu_arena_array(config->arena, (size_t)*argc + ENTRIES_MAX + 1, sizeof(*all));
	enum tu_status status;

	if (!all)
		return tu_no_memory(err);
	all[0] = (*argv)[0];
	r.added = all + 1;
	status = read_file(&r, err);
	if (status != TU_OK)
		return status;
	memcpy(r.added + r.added_count, *argv + 1, (size_t)(*argc - 1) * sizeof(*all));
	*argc += r.added_count;
	*argv = all;
	tu_command_warn(command->name, "defaults of options are read from %s", config->path);
	return TU_OK;
}

/* The words of the command line and the file that it names, as they are before anything is put in
 * front of them; for tu_config_again(). They live as long as the first configuration. */
static struct {
	const char *path;
	char **words;
	int count;
} first;

static enum tu_status copy_words(
	struct tu_arena *arena, int count, char **words, char ***out, struct tu_error *err)
{
	*out = tu_arena_array(arena, (size_t)count + 1, sizeof(**out));
	if (!*out)
		return tu_no_memory(err);
	for (int i = 0; i < count; i++)
		(*out)[i] = words[i];
	return TU_OK;
}

static enum tu_status put_in_front(struct tu_config *config, const struct tu_command *command,
	int *argc, char ***argv, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (command->variables)
		status = tu_config__environment(command, config->arena, argc, argv, err);
	if (status == TU_OK && config->path)
		status = prepend(config, command, argc, argv, err);
	for (size_t i = 0; status == TU_OK && i < command->option_count; i++)
		if (command->options[i].joined)
			status = join(config, command, &command->options[i], argc, *argv, err);
	return status;
}

enum tu_status tu_config_again(struct tu_config *config, const struct tu_command *command,
	int *out_argc, char ***out_argv, struct tu_error *err)
{
	enum tu_status status;

	if (!first.words)
		return tu_fail(err, TU_E_USAGE, 0, "no options were read before");
	config->path = first.path;
	config->arena = tu_arena_new(MEMORY_MAX);
	if (!config->arena)
		return tu_no_memory(err);
	*out_argc = first.count;
	status = copy_words(config->arena, first.count, first.words, out_argv, err);
	return status ? status : put_in_front(config, command, out_argc, out_argv, err);
}

enum tu_status tu_config_apply(struct tu_config *config, const struct tu_command *command,
	int *argc, char ***argv, struct tu_error *err)
{
	enum tu_status status;

	config->arena = tu_arena_new(MEMORY_MAX);
	if (!config->arena)
		return tu_no_memory(err);
	status = find_path(config, command, argc, *argv, err);
	if (status == TU_OK)
		status = copy_words(config->arena, *argc, *argv, &first.words, err);
	first.path = config->path;
	first.count = *argc;
	return status ? status : put_in_front(config, command, argc, argv, err);
}

void tu_config_done(struct tu_config *config)
{
	tu_arena_free(config->arena);
}
