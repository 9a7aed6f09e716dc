/*
 * Asking the owner of a data folder from a command: arguments, the call, the parsed answer.
 *
 *	tu_ask_begin(&ask, "admin team", "team.add", data);
 *	tu_json_member_str(&ask.json, "team", name);
 *	status = tu_ask(&ask, &err);
 *	... ask.said ...
 *	tu_ask_end(&ask);
 */
#ifndef TU_CLI_ASK_H
#define TU_CLI_ASK_H

#include "base/json.h"
#include "base/json_writer.h"
#include "cli/options.h"
#include "cli/reach.h"

struct tu_ask {
	const char *command; /* names itself to whoever finds the folder in use */
	const char *call;
	const char *data; /* the folder */
	int fd; /* a file that the call reads or writes; -1: none */
	struct tu_buf arguments; /* an open object: write members with `json` */
	struct tu_json_writer json;
	struct tu_buf answer;
	struct tu_json_parser *parser;
	struct tu_json said; /* the answer; lives until tu_ask_end() */
};

void tu_ask_begin(struct tu_ask *ask, const char *command, const char *call, const char *data);
/* Errors as of tu_reach_once(). */
TU_NODISCARD enum tu_status tu_ask(struct tu_ask *ask, struct tu_error *err);
/* Wipes the arguments: a password may be among them. */
void tu_ask_end(struct tu_ask *ask);

/* A number of the answer; 0 where it is none. */
uint64_t tu_ask_number(struct tu_json object, const char *key);

/* --data and --reason, members of a command's own structure. */
#define TU_OPTION_DATA(type, member) \
	{ \
		"data", 0, "DATA", "Use this data folder", TU_TEXT(type, member), .required = true \
	}
#define TU_OPTION_REASON(type, member) \
	{ \
		"reason", 0, "TEXT", "Record why", TU_TEXT(type, member) \
	}

/* A command that prints what a call lists: one line or more for each item, or the answer as it is.
 * Its row has tu_ask_list_options; it takes no other arguments. */
struct tu_ask_list {
	const struct tu_command *row;
	const char *command; /* as of tu_ask_begin() */
	const char *call, *member; /* "team.list", "teams" */
	void (*print)(struct tu_json item);
};
extern const struct tu_option tu_ask_list_options[2];
int tu_ask_list(const struct tu_ask_list *list, int argc, char **argv);

#endif
