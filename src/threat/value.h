/*
 * Values in words: how the text of a fact or property is compared with a list of words.
 *
 * A list is matched with the whole text (value_text.h has its form) and, where nothing matches,
 * with its first clause; what follows is then a remark.
 *
 * A word that is in the text is not always meant: "no Just Works", "Just Works refused", "open
 * only in production", "not optional". Such a match is unclear: it is no answer, and the value
 * becomes a question, unless another word answers. value.c has the words that turn a meaning.
 *
 * "~limit*" is met by what negates the word: "not limited", "no rate limit", "unlimited", "limits
 * are refused"; not by "no call without a limit".
 */
#ifndef TU_THREAT_VALUE_H
#define TU_THREAT_VALUE_H

#include <tutela/device.h>

#include "threat/value_text.h"

/* A value that a member of a condition is compared with. */
enum tu_value_kind {
	TU_VALUE_WORD, /* in normal form; a pattern where it has a star */
	TU_VALUE_EXCEPT, /* "!word": takes back what a word before it has met */
	TU_VALUE_NEGATION, /* "~word" */
	TU_VALUE_LIST, /* "$name": a list, which answers as one; its "!word" are about itself */
	TU_VALUE_ELEMENTS, /* "$elements": texts that name elements of the model and say no more */
	TU_VALUE_STATED,
	TU_VALUE_SILENT,
	TU_VALUE_PAST,
	TU_VALUE_MORE, /* than `number` */
	TU_VALUE_LESS
};

struct tu_value_list;

struct tu_value {
	enum tu_value_kind kind;
	struct tu_str word;
	uint64_t number;
	const struct tu_value_list *list;
};

struct tu_value_list {
	const struct tu_value *at;
	size_t count;
};

/* Broad: by "no *", "not *", which a narrower word overrules. */
enum tu_meeting { TU_MEETING_NONE, TU_MEETING_UNCLEAR, TU_MEETING_BROAD, TU_MEETING_YES };

/* With `remarks` the list is of words that are sound: whatever turns a meaning makes it unclear,
 * and so does a word around them that is neither one of theirs nor a remark. Without (NULL) it is
 * of weak words: only what turns the word itself does, and what a later clause takes back. */
enum tu_meeting tu_value_meets(const struct tu_value_list *list, const struct tu_value_text *text,
	const struct tu_texts *remarks);
/* Does a clause after the first meet the list? */
bool tu_value_later_meets(const struct tu_value_list *list, const struct tu_value_text *text);
/* The first clause is a bare yes or no: what follows only explains it. */
bool tu_value_is_bare(const struct tu_value_text *text);
/* Does a "~word" of the list meet the text? */
bool tu_value_negations_meet(const struct tu_value_list *list, struct tu_str clause);
/* Is there a value of the kind in the list or in those that it names? */
bool tu_value_list_has(const struct tu_value_list *list, enum tu_value_kind kind);

#endif
