/*
 * Words that turn a meaning: "refused", "but", "only in", "separate from", and what is bad in
 * itself.
 *
 * Texts are in normal form (value_text.h), a clause or a part of one where nothing else is said.
 */
#ifndef TU_THREAT_VALUE_TURN_H
#define TU_THREAT_VALUE_TURN_H

#include <tutela/str.h>

struct tu_value_text;

/* Is there a word that turns what is around it? Sound words bear no negation but of what is bad;
 * weak ones bear one, which may explain them ("open without password"). */
bool tu_value_turns(struct tu_str text, bool sound);
/* A clause after the first that takes back a weak word: "no, but the server does". */
bool tu_value_takes_back(const struct tu_value_text *text);
/* Without the articles that it begins with. */
struct tu_str tu_value_bare(struct tu_str text);

/* "separate" before "from" or "of": what follows is another thing. `rest` follows the word. */
bool tu_value_sets_apart(struct tu_str word, struct tu_str rest);
/* Bad in itself, or of how much: nothing is missing without it. */
bool tu_value_is_notion(struct tu_str word);
bool tu_value_begins_with_notion(struct tu_str text);
/* "all", "always": their negation is one of a part. */
bool tu_value_is_whole(struct tu_str word);
bool tu_value_is_apart(struct tu_str word);
/* "refused"; and after "not" the same: "accepted". */
bool tu_value_is_refusal(struct tu_str word);
bool tu_value_is_offer(struct tu_str word);

#endif
