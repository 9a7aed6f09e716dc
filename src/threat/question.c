/* Questions: one for each place and subject, whichever rules ask. */
#include "threat/engine.h"

#include <stdlib.h>

enum { SAID_MAX = 300 }; /* bytes of a text in a question */

/* Sorted by where and what is asked, then by the order of the rules. */
struct asked {
	uint64_t place; /* flows after elements */
	const struct tu_missing *missing;
	const struct tu_candidate *by;
};

struct asked_list {
	TU_VEC(struct asked) list; /* on the heap */
};

static int by_subject(const void *left, const void *right)
{
	const struct asked *a = left, *b = right;
	int order;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	order = tu_str_cmp(a->missing->subject, b->missing->subject);
	if (order)
		return order;
	return (a->by->order > b->by->order) - (a->by->order < b->by->order);
}

static bool same_question(const struct asked *a, const struct asked *b)
{
	return a->place == b->place && tu_str_eq(a->missing->subject, b->missing->subject);
}

static struct tu_str text_of(const struct asked *asked, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t q = 0; q < asked[i].by->rule->question_count; q++)
			if (tu_str_eq(asked[i].by->rule->questions[q].subject,
				    asked[i].missing->subject))
				return asked[i].by->rule->questions[q].text;
	return (struct tu_str){0};
}

/* What is asked about a member of the model where no rule that waits has words of its own. */
static const struct {
	const char *subject, *text;
} plain[] = {
	{"authentication", "How does each side know that the other is who it should be?"},
	{"integrity", "What shows the receiver that nothing was changed on the way?"},
	{"encryption", "What keeps others from reading it on the way?"},
	{"freshness", "What keeps a recorded message from being accepted again?"},
	{"medium",
		"What does it run over: inside the enclosure, by hand or cable at the place, "
		"radio, a "
		"removable medium, IP, the internet?"},
	{"protocol", "Which protocol is it, and in which version?"},
	{"carries",
		"What does it carry: commands, configuration, updates, information, alarms, logs, "
		"identities, therapy?"},
	{"fan_out", "How many targets does one source reach?"},
	{"assets", "Which assets does it carry or hold?"},
	{"harm", "Which hazards follow when an asset here is lost or changed?"},
	{"assets.function", "What are the assets here for?"},
	{"assets.privacy", "Do the assets here say anything about persons?"},
	{"kind", "Is it an actor, an external system, a process, a store or hardware?"},
	{"functions",
		"What does it do: therapy, measurement, alarm, display, dosing configuration, "
		"communication, update, log?"},
	{"count", "How many of them are in the field?"},
	{"patients", "How many patients does one of them serve at a time?"},
	{"many", "Can one attack here reach more than one patient?"},
	{"zone", "In which zone is it?"},
	{"zone.role",
		"Whose place is its zone: care, device, user, public, hospital, cloud, "
		"manufacturer, production?"},
	{"zone.trust", "How far is its zone trusted, from 1 to 10?"},
	{"crosses", "Does it cross a trust boundary? An end of it has no zone."},
	{"general_purpose",
		"Is its operating system a general-purpose one, on which other software can "
		"be run?"},
	{"os", "Which operating system does it run?"},
	{"os_support", "Until which month is its operating system supported?"},
	{"listener", "Does it accept connections from a network?"},
	{"provided", "What does each control that covers this place provide?"},
	{"support", "Is the component maintained, limited or at the end of its support?"},
};

/* "source.zone.role" and "inbound.medium" ask the same of another place. */
static struct tu_str without_place(struct tu_str subject)
{
	static const char *const places[] = {"source.", "target.", "inbound.", "outbound."};

	for (size_t i = 0; i < TU_COUNT(places); i++)
		(void)tu_str_skip(&subject, tu_str_c(places[i]));
	return subject;
}

static struct tu_str plain_text(struct tu_str subject)
{
	for (size_t i = 0; i < TU_COUNT(plain); i++)
		if (tu_str_eq(without_place(subject), tu_str_c(plain[i].subject)))
			return tu_str_c(plain[i].text);
	return (struct tu_str){0};
}

/* What is claimed, in the model's words, and what a control has to provide. */
static void add_claim(const struct tu_engine *engine, const struct asked *asked,
	struct tu_str claimed, struct tu_buf *text)
{
	const struct tu_subject of = {.graph = &engine->graph, .spot = asked->missing->spot};
	const struct tu_texts *properties = &asked->by->rule->settled_by;
	struct tu_statement said;

	tu_attribute_read(tu_attribute_by_name(claimed), claimed, &of, &said);
	tu_buf_printf(text, "%.*s", TU_STR_FMT(claimed));
	if (!said.foreign && !said.silent && said.text_count)
		tu_buf_printf(text, " \"%.*s\"", TU_STR_FMT(tu_str_first(said.texts[0], SAID_MAX)));
	tu_buf_c(text, " is only claimed here: which control that covers this place provides ");
	for (size_t i = 0; i < properties->count; i++)
		tu_buf_printf(text, "%s%.*s", i ? " or " : "", TU_STR_FMT(properties->at[i]));
	tu_buf_c(text, properties->count ? "?" : "it?");
}

static bool make_text(const struct tu_engine *engine, const struct asked *asked, struct tu_str *out)
{
	struct tu_str subject = asked->missing->subject;
	struct tu_buf text;
	bool made;

	tu_buf_init(&text, TU_TOLD_MAX);
	if (tu_str_starts(subject, TU_STR("control of ")))
		add_claim(engine, asked, tu_str_from(subject, sizeof("control of ") - 1), &text);
	else if (tu_str_starts(subject, TU_STR("properties of ")))
		tu_buf_printf(&text, "Which properties does the control %.*s provide here?",
			TU_STR_FMT(tu_str_from(subject, sizeof("properties of ") - 1)));
	else
		tu_buf_printf(&text, "What is %.*s here?", TU_STR_FMT(subject));
	made = !text.failed && tu_arena_dup(engine->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return made;
}

/* What is stated there and no rule knows comes first: else it would look as if nothing was said. */
static bool name_unknown(
	const struct tu_engine *engine, struct tu_missing missing, struct tu_str *text)
{
	const struct tu_subject of = {.graph = &engine->graph, .spot = missing.spot};
	struct tu_statement said;
	struct tu_buf made;
	bool fine;

	tu_attribute_read(tu_attribute_by_name(missing.subject), missing.subject, &of, &said);
	if (said.foreign || said.silent || !said.text_count)
		return true;
	tu_buf_init(&made, TU_TOLD_MAX);
	tu_buf_c(&made, "\"");
	for (size_t i = 0; i < said.text_count; i++)
		tu_buf_printf(&made, "%s%.*s", i ? ", " : "",
			TU_STR_FMT(tu_str_first(said.texts[i], SAID_MAX)));
	tu_buf_printf(&made,
		"\" is stated, which no rule knows (docs/formats/model.md has the words): %.*s",
		TU_STR_FMT(tu_str_first(*text, SAID_MAX)));
	fine = !made.failed && tu_arena_dup(engine->arena, tu_buf_str(&made), text);
	tu_buf_done(&made);
	return fine;
}

static bool make_question(struct tu_engine *engine, const struct asked *asked, size_t count,
	struct tu_threat_question *out)
{
	struct tu_str *rules = tu_arena_array(engine->arena, count, sizeof(*rules));
	size_t kept = 0;

	if (!rules || !TU_VEC_PUSH(&engine->first, asked->by))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!kept || !tu_str_eq(rules[kept - 1], asked[i].by->rule->id))
			rules[kept++] = asked[i].by->rule->id;
	*out = (struct tu_threat_question){.spot = asked->missing->spot,
		.subject = asked->missing->subject,
		.text = text_of(asked, count),
		.rules = {rules, kept}};
	if (!out->text.len)
		out->text = plain_text(out->subject);
	if (!out->text.len && !make_text(engine, asked, &out->text))
		return false;
	return name_unknown(engine, *asked->missing, &out->text);
}

static bool gather_of(const struct tu_candidate *candidate, struct asked_list *all)
{
	for (size_t i = 0; i < candidate->missing_count; i++) {
		const struct tu_missing *missing = &candidate->missing[i];
		struct asked one = {(uint64_t)missing->spot.is_flow << 32 | missing->spot.index,
			missing, candidate};

		if (!TU_VEC_PUSH(&all->list, one))
			return false;
	}
	return true;
}

static enum tu_status write_questions(
	struct tu_engine *engine, struct asked_list *all, struct tu_threats *out)
{
	struct tu_threat_question *questions;
	size_t count = 0;

	for (size_t i = 0; i < engine->found.count; i++)
		if (engine->found.at[i]->threat.outcome == TU_THREAT_UNKNOWN &&
			!gather_of(engine->found.at[i], all))
			return TU_E_NOMEM;
	if (all->list.count > 1)
		qsort(all->list.at, all->list.count, sizeof(*all->list.at), by_subject);
	for (size_t i = 0; i < all->list.count; i++)
		count += !i || !same_question(&all->list.at[i - 1], &all->list.at[i]);
	questions = tu_arena_array(engine->arena, count, sizeof(*questions));
	if (!questions)
		return TU_E_NOMEM;
	out->questions = engine->questions = questions;
	for (size_t i = 0, end; i < all->list.count; i = end) {
		for (end = i + 1; end < all->list.count; end++)
			if (!same_question(&all->list.at[i], &all->list.at[end]))
				break;
		if (!make_question(engine, &all->list.at[i], end - i, questions++))
			return TU_E_NOMEM;
	}
	out->question_count = count;
	return TU_OK;
}

enum tu_status tu_threat_ask(struct tu_engine *engine, struct tu_threats *out)
{
	struct asked_list all = {0};
	enum tu_status status = write_questions(engine, &all, out);

	TU_VEC_DONE(&all.list);
	return status;
}
