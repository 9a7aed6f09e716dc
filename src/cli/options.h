/*
 * Options of a command: "--name value", "--name=value", "-o value" and flags, in any place among
 * the other arguments; "--" ends them; "-" is an operand.
 *
 * Each is one row of a table. The row serves the parser, --help, the manual page and completion.
 */
#ifndef TU_CLI_OPTIONS_H
#define TU_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/str.h>

struct tu_command;

enum { TU_VALUES_MAX = 1000 };

/* The values of an option that may be repeated, in the order of the command line. */
struct tu_values {
	const char *at[TU_VALUES_MAX];
	size_t count;
};

enum tu_option_kind {
	TU_OPTION_FLAG, /* bool */
	TU_OPTION_TEXT, /* const char *; of several, the last one */
	TU_OPTION_LIST /* struct tu_values: each */
};

struct tu_option {
	const char *name; /* without the hyphens */
	char letter; /* short form, '\0': none */
	const char *argument; /* what the value is, as help shows it: "FILE"; NULL for a flag */
	const char *meaning; /* for help and manual, in the imperative, without a final period */
	enum tu_option_kind kind;
	size_t at; /* offset of the value in the request */
	/* A closed list of values, or NULL. Case is ignored, and the list's own spelling is stored.
	 * Of "NAME=REST" in a TU_OPTION_LIST, NAME is looked for and the whole is stored. */
	const char *(*word)(size_t index); /* NULL after the last */
	const char *preset; /* the value when none is given; NULL: the request stays as it is */
	const char *also; /* another spelling, which help does not show */
	bool required;
	bool joined; /* values add up, with commas between; see config.h */
	bool written; /* the value names a file that is written; see overwrite.h */
	bool replaced; /* it names the document that the output may replace */
};

/* The kind and place of a value, checked against the type of the member. */
#define TU_FLAG(type, member) \
	.kind = TU_OPTION_FLAG, .at = _Generic(((type *)0)->member, bool : offsetof(type, member))
#define TU_TEXT(type, member) \
	.kind = TU_OPTION_TEXT, \
	.at = _Generic(((type *)0)->member, const char * : offsetof(type, member))
#define TU_LIST(type, member) \
	.kind = TU_OPTION_LIST, \
	.at = _Generic(((type *)0)->member, struct tu_values \
		       : offsetof(type, member))

/* Rows that several commands have. */
#define TU_OPTION_KB(type, member) \
	{ \
		"kb", 0, "FILE", \
			"Use this knowledge base in place of the built-in starter; see tutela(1)", \
			TU_TEXT(type, member) \
	}
#define TU_OPTION_OUTPUT(type, member) \
	{ \
		"output", 'o', "FILE", \
			"Write to FILE instead of standard output; an existing file is replaced " \
			"when the new one is complete", \
			TU_TEXT(type, member), .written = true \
	}
#define TU_OPTION_TEXT_OR_JSON(type, member) \
	{ \
		"format", 'f', "FORMAT", "Choose the output format", TU_TEXT(type, member), \
			.word = tu_word_text_json, .preset = "text" \
	}
#define TU_OPTION_TABLE_OR_JSON(type, member) \
	{ \
		"format", 'f', "FORMAT", "Choose the output format", TU_TEXT(type, member), \
			.word = tu_word_table_json, .preset = "table" \
	}
#define TU_OPTION_COLOUR(type, member) \
	{ \
		"colour", 0, "WHEN", "Use colour", TU_TEXT(type, member), \
			.word = tu_word_colour, .preset = "auto", .also = "color" \
	}
#define TU_OPTION_AT(type, member) \
	{ \
		"at", 0, "TIME", \
			"Judge as of TIME, a date or a time with its zone (default: now)", \
			TU_TEXT(type, member) \
	}
#define TU_OPTION_RELEASE(type, member) \
	{ \
		"release", 'r', "VERSION", "Choose the release (default: the newest)", \
			TU_TEXT(type, member) \
	}
#define TU_OPTION_SUPPLEMENT(type, member) \
	{ \
		"supplement", 0, "FILE", \
			"Merge corrections and support data from FILE into the SBOM first", \
			TU_TEXT(type, member) \
	}
#define TU_OPTION_ROOTFS(type, member) \
	{ \
		"rootfs", 0, "DIR", \
			"Read what is installed in the root file system at DIR instead of an " \
			"SBOM", \
			TU_TEXT(type, member) \
	}

const char *tu_word_text_json(size_t index);
const char *tu_word_table_json(size_t index);
const char *tu_word_colour(size_t index);

/*
 * Take the options of the command's rows out of argv[1…] and put their values into `request`, a
 * zeroed structure of the type that the rows name. What is left moves up and `*argc` shrinks; the
 * values point into `argv`. False: an option is unknown, has no value, has too many or one that is
 * not in its list, a required one is missing, or an output is an input (cli/overwrite.h); the
 * complaint has been printed and the command returns TU_EXIT_USAGE.
 */
bool tu_options_take(const struct tu_command *command, int *argc, char **argv, void *request);

/* Have `call` called with what tu_options_take() has taken, before the command goes on. Once, at
 * the start of the program; NULL: nothing. */
void tu_options_when_taken(void (*call)(const struct tu_command *command, const void *request));

/* The row that `argument` ("--name", "--name=value", "-x") names, and its value if that is joined
 * to it by "=", else NULL. NULL: no row. */
const struct tu_option *tu_options_find(
	const struct tu_command *command, const char *argument, const char **out_joined);

/* The word of a closed list that `text` is, in the list's own spelling, or NULL. */
const char *tu_word_find(const char *(*word)(size_t index), struct tu_str text);

/* The one of the words that `text` may be a misspelling of, or NULL. */
const char *tu_word_nearest(const char *(*word)(const void *context, size_t index),
	const void *context, const char *text);

/* Whether to use colour on a descriptor: `when` is "auto" (or NULL), "always" or "never"; auto asks
 * for a terminal, honours NO_COLOR (https://no-color.org) and TERM=dumb. */
bool tu_options_colour(const char *when, int fd);

/* Whether the value of TU_OPTION_TEXT_OR_JSON or TU_OPTION_TABLE_OR_JSON is "json". */
bool tu_options_json(const char *format);

/* Columns of the terminal on a descriptor; 0 when it is none. */
unsigned tu_terminal_width(int fd);

#endif
