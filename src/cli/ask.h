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

#endif
