/* Completion for bash and zsh. */
#include "manual/completion.h"

#include <string.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"

enum { MEANING_MAX = 4096 };

/* ---- lists of words ---- */

/* Names of commands (group NULL), or of the members of a group. */
static void add_names(struct tu_buf *out, const struct tu_command *group)
{
	for (size_t i = 0; i < tu_command_count; i++) {
		const struct tu_command *command = tu_commands[i];

		if (group ? !tu_command_in(command, group) : strchr(command->name, ' ') != NULL)
			continue;
		tu_buf_printf(out, " %s", command->name + (group ? strlen(group->name) + 1 : 0));
		if (command->also)
			tu_buf_printf(out, " %s", command->also);
	}
}

static void add_words(struct tu_buf *out, const struct tu_option *option)
{
	const char *word;

	for (size_t i = 0; (word = option->word(i)) != NULL; i++)
		tu_buf_printf(out, "%s%s", i ? " " : "", word);
}

/* "--format|-f" */
static void add_spellings(struct tu_buf *out, const char *command, const struct tu_option *option)
{
	tu_buf_printf(out, "\"%s --%s\"", command, option->name);
	if (option->letter)
		tu_buf_printf(out, "|\"%s -%c\"", command, option->letter);
}

/* ---- bash ---- */

static const char bash_head[] =
	"# bash completion for tutela(1); made from the program's table of options\n"
	"_tutela()\n"
	"{\n"
	"	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
	"	local command='' members='' options='' values='' word i\n"
	"\n"
	"	# \"--name=value\" comes in three words\n"
	"	[[ $current == = ]] && current=''\n"
	"	[[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}\n"
	"	for ((i = 1; i < COMP_CWORD; i++)); do\n"
	"		word=${COMP_WORDS[i]}\n"
	"		if [[ $word == --config && -z $command ]]; then\n"
	"			((i++))\n"
	"		elif [[ $word == help && -z $command ]]; then\n"
	"			continue\n"
	"		elif [[ -z $command && $word != -* ]]; then\n"
	"			command=$word\n"
	"		elif [[ \" $(_tutela_members \"$command\") \" == *\" $word \"* ]]; then\n"
	"			command=\"$command $word\"\n"
	"		fi\n"
	"	done\n"
	"	values=$(_tutela_values \"$command $previous\")\n"
	"	if [[ -n $values ]]; then\n"
	"		COMPREPLY=($(compgen -W \"$values\" -- \"$current\"))\n"
	"	elif [[ $current == -* ]]; then\n"
	"		COMPREPLY=($(compgen -W \"$(_tutela_options \"$command\")\" -- "
	"\"$current\"))\n"
	"	else\n"
	"		members=$(_tutela_members \"$command\")\n"
	"		COMPREPLY=($(compgen -W \"$members\" -- \"$current\"))\n"
	"	fi\n"
	"}\n"
	"complete -o default -F _tutela tutela\n";

static void add_bash_members(struct tu_buf *out)
{
	tu_buf_c(out, "\n_tutela_members()\n{\n	case $1 in\n	'') echo");
	add_names(out, NULL);
	tu_buf_c(out, " help;;\n");
	for (size_t i = 0; i < tu_command_count; i++) {
		size_t start = out->len;
		size_t empty;

		tu_buf_printf(out, "	\"%s\") echo", tu_commands[i]->name);
		empty = out->len;
		add_names(out, tu_commands[i]);
		if (out->len == empty)
			out->len = start;
		else
			tu_buf_c(out, ";;\n");
	}
	tu_buf_c(out, "	esac\n}\n");
}

static void add_bash_options(struct tu_buf *out)
{
	tu_buf_c(out,
		"\n_tutela_options()\n{\n	case $1 in\n"
		"	'') echo --config --help --version;;\n");
	for (size_t i = 0; i < tu_command_count; i++) {
		const struct tu_command *command = tu_commands[i];

		tu_buf_printf(out, "	\"%s\"", command->name);
		if (command->also)
			tu_buf_printf(out, "|\"%s\"", command->also);
		tu_buf_c(out, ") echo --help");
		for (size_t k = 0; k < command->option_count; k++)
			tu_buf_printf(out, " --%s", command->options[k].name);
		tu_buf_c(out, ";;\n");
	}
	tu_buf_c(out, "	esac\n}\n");
}

static void add_bash_values(struct tu_buf *out)
{
	tu_buf_c(out, "\n_tutela_values()\n{\n	case $1 in\n");
	for (size_t i = 0; i < tu_command_count; i++) {
		const struct tu_command *command = tu_commands[i];

		for (size_t k = 0; k < command->option_count; k++) {
			if (!command->options[k].word)
				continue;
			tu_buf_byte(out, '\t');
			add_spellings(out, command->name, &command->options[k]);
			if (command->also) {
				tu_buf_byte(out, '|');
				add_spellings(out, command->also, &command->options[k]);
			}
			tu_buf_c(out, ") echo ");
			add_words(out, &command->options[k]);
			tu_buf_c(out, ";;\n");
		}
	}
	tu_buf_c(out, "	esac\n}\n");
}

void tu_completion_bash(struct tu_buf *out)
{
	tu_buf_c(out, bash_head);
	add_bash_members(out);
	add_bash_options(out);
	add_bash_values(out);
}

/* ---- zsh ---- */

/* In single quotes, where _arguments gives ":" and brackets a meaning. */
static void add_zsh_text(struct tu_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'') {
			tu_buf_c(out, "'\\''");
			continue;
		}
		if (strchr(":[]\\", *text))
			tu_buf_byte(out, '\\');
		tu_buf_byte(out, *text);
	}
}

/* Is the value of an option a file? What is neither file nor folder is not completed. */
static bool names_file(const char *argument)
{
	static const char *const files[] = {"FILE", "KEY", "SBOM"};

	for (size_t i = 0; i < TU_COUNT(files); i++)
		if (strstr(argument, files[i]))
			return true;
	return false;
}

static void add_zsh_option(
	struct tu_buf *out, const struct tu_option *option, const char *hyphens, const char *name)
{
	tu_buf_printf(out, " \\\n\t\t\t'%s%s%s%s[", option->kind == TU_OPTION_LIST ? "*" : "",
		hyphens, name, option->argument && hyphens[1] ? "=" : "");
	add_zsh_text(out, option->meaning);
	tu_buf_byte(out, ']');
	if (option->argument) {
		tu_buf_byte(out, ':');
		add_zsh_text(out, option->argument);
		tu_buf_byte(out, ':');
	}
	if (option->word) {
		tu_buf_byte(out, '(');
		add_words(out, option);
		tu_buf_byte(out, ')');
	} else if (option->argument && strstr(option->argument, "DIR")) {
		tu_buf_c(out, "_files -/");
	} else if (option->argument && names_file(option->argument)) {
		tu_buf_c(out, "_files");
	} else if (option->argument) {
		tu_buf_byte(out, ' ');
	}
	tu_buf_byte(out, '\'');
}

static void add_zsh_command(struct tu_buf *out, const struct tu_command *command)
{
	tu_buf_printf(out, "\t\"%s\"", command->name);
	if (command->also)
		tu_buf_printf(out, "|\"%s\"", command->also);
	tu_buf_c(out, ")\n\t\t_arguments -s '--help[Print help]'");
	for (size_t i = 0; i < command->option_count; i++) {
		const struct tu_option *option = &command->options[i];
		const char letter[] = {option->letter, '\0'};

		add_zsh_option(out, option, "--", option->name);
		if (option->letter)
			add_zsh_option(out, option, "-", letter);
	}
	tu_buf_c(out, " \\\n\t\t\t'*: :_files';;\n");
}

/* What _describe shows: a word and what it is for. */
static void add_zsh_item(struct tu_buf *out, const char *word, const char *meaning)
{
	tu_buf_c(out, "\n\t\t\t'");
	add_zsh_text(out, word);
	tu_buf_byte(out, ':');
	add_zsh_text(out, meaning);
	tu_buf_byte(out, '\'');
}

static void add_zsh_list(struct tu_buf *out, const struct tu_command *group)
{
	size_t skipped = group ? strlen(group->name) + 1 : 0;

	tu_buf_printf(out, "\t\"%s\")\n\t\tlist=(", group ? group->name : "");
	for (size_t i = 0; i < tu_command_count; i++) {
		const struct tu_command *command = tu_commands[i];

		if (group ? !tu_command_in(command, group) : strchr(command->name, ' ') != NULL)
			continue;
		add_zsh_item(out, command->name + skipped, command->summary);
		if (command->also)
			add_zsh_item(out, command->also, command->summary);
	}
	if (!group)
		add_zsh_item(out, "help", "Describe a command");
	tu_buf_c(out, ")\n\t\t_describe command list;;\n");
}

static const char zsh_head[] =
	"#compdef tutela\n"
	"# zsh completion for tutela(1); made from the program's table of options\n"
	"local -a list\n"
	"# what may stand before a command\n"
	"while ((CURRENT > 2)); do\n"
	"	case ${words[2]} in\n"
	"	--config)\n"
	"		((CURRENT > 3)) || { _files; return; }\n"
	"		shift words\n"
	"		((CURRENT--));;\n"
	"	--config=*|help);;\n"
	"	*) break;;\n"
	"	esac\n"
	"	shift words\n"
	"	((CURRENT--))\n"
	"done\n"
	"local command=${words[2]} used=1\n"
	"if ((CURRENT == 2)) && compset -P --config=; then\n"
	"	_files\n"
	"	return\n"
	"elif [[ $CURRENT == 2 && $command == -* ]]; then\n"
	"	list=('--config:Read the configuration from a file' '--help:Print help'"
	" '--version:Print the version')\n"
	"	_describe -o option list\n"
	"	return\n"
	"fi\n";

void tu_completion_zsh(struct tu_buf *out)
{
	tu_buf_c(out, zsh_head);
	tu_buf_c(out,
		"if ((CURRENT == 2)); then\n"
		"	command=''\n"
		"elif [[ \" ");
	for (size_t i = 0; i < tu_command_count; i++)
		if (strchr(tu_commands[i]->name, ' '))
			tu_buf_printf(out, "%s|", tu_commands[i]->name);
	tu_buf_c(out,
		" \" == *[\\ \\|]\"$command ${words[3]}|\"* ]] && ((CURRENT > 3)); then\n"
		"	command=\"$command ${words[3]}\"\n"
		"	used=2\n"
		"fi\n"
		"if [[ -n $command ]]; then\n"
		"	shift $used words\n"
		"	((CURRENT -= used))\n"
		"fi\n"
		"case $command in\n");
	add_zsh_list(out, NULL);
	for (size_t i = 0; i < tu_command_count; i++)
		if (tu_commands[i]->run)
			add_zsh_command(out, tu_commands[i]);
		else
			add_zsh_list(out, tu_commands[i]);
	tu_buf_c(out, "esac\n");
}
