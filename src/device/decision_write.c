/* The text of a decision's file: always in the same order, one field a line, without what is a
 * default, so that a change is a small diff. */
#include <tutela/decision.h>

#include "base/time.h"
#include "base/yaml.h"

static void key(struct tu_buf *out, size_t indent, const char *name)
{
	tu_buf_printf(out, "%*s%s:", (int)indent, "", name);
}

static void text(struct tu_buf *out, size_t indent, const char *name, struct tu_str value)
{
	if (!value.len)
		return;
	key(out, indent, name);
	tu_buf_byte(out, ' ');
	tu_yaml_write_scalar(value, indent + 2, out);
	tu_buf_byte(out, '\n');
}

static void word(struct tu_buf *out, size_t indent, const char *name, const char *value)
{
	if (*value)
		tu_buf_printf(out, "%*s%s: %s\n", (int)indent, "", name, value);
}

static void time_at(struct tu_buf *out, size_t indent, const char *name, int64_t seconds)
{
	if (!seconds)
		return;
	key(out, indent, name);
	tu_buf_byte(out, ' ');
	tu_time_write(seconds, out);
	tu_buf_byte(out, '\n');
}

/* A date where it is the beginning of a day. */
static void date(struct tu_buf *out, size_t indent, const char *name, int64_t seconds)
{
	if (!seconds || seconds % 86400) {
		time_at(out, indent, name, seconds);
		return;
	}
	key(out, indent, name);
	tu_buf_byte(out, ' ');
	tu_time_write_date(seconds, out);
	tu_buf_byte(out, '\n');
}

static void texts(struct tu_buf *out, size_t indent, const char *name, const struct tu_texts *list)
{
	if (!list->count)
		return;
	key(out, indent, name);
	for (size_t i = 0; i < list->count; i++) {
		tu_buf_printf(out, "\n%*s- ", (int)indent + 2, "");
		tu_yaml_write_scalar(list->at[i], indent + 4, out);
	}
	tu_buf_byte(out, '\n');
}

/* A section is written only when something in it is. */
static void section(struct tu_buf *out, const char *name, const struct tu_decision *decision,
	void (*body)(const struct tu_decision *decision, struct tu_buf *out))
{
	size_t before = out->len, empty;

	tu_buf_printf(out, "%s:\n", name);
	empty = out->len;
	body(decision, out);
	if (out->len == empty && !out->failed)
		out->len = before;
}

static void write_component(const struct tu_decision *d, struct tu_buf *out)
{
	text(out, 2, "name", d->component.name);
	text(out, 2, "version", d->component.version);
	text(out, 2, "purl", d->component.purl);
	text(out, 2, "cpe", d->component.cpe);
	text(out, 2, "ref", d->component.ref);
	text(out, 2, "path", d->component.path);
}

static void write_action(const struct tu_decision *d, struct tu_buf *out)
{
	word(out, 2, "remedy", tu_remediation_name(d->action.remedy));
	text(out, 2, "text", d->action.text);
	text(out, 2, "fix_release", d->action.fix_release);
	date(out, 2, "due", d->action.due);
	text(out, 2, "url", d->action.url);
}

static void write_validity(const struct tu_decision *d, struct tu_buf *out)
{
	texts(out, 2, "releases", &d->validity.releases);
	text(out, 2, "component_range", d->validity.range_text);
	text(out, 2, "configuration", d->validity.configuration);
	if (!d->validity.carry)
		word(out, 2, "carry", "false");
}

static void write_premises(const struct tu_decision *d, struct tu_buf *out)
{
	const struct tu_premises *p = &d->premises;

	text(out, 2, "component", p->component);
	text(out, 2, "version", p->version);
	text(out, 2, "advisory", p->advisory);
	text(out, 2, "source", p->source);
	date(out, 2, "advisory_modified", p->advisory_modified);
	text(out, 2, "advisory_digest", p->advisory_digest);
	if (p->kev_stated)
		word(out, 2, "kev", p->kev ? "true" : "false");
	if (p->score_tenths != 0xff)
		tu_buf_printf(out, "  score: %u.%u\n", p->score_tenths / 10, p->score_tenths % 10);
	if (p->epss != UINT32_MAX)
		tu_buf_printf(out, "  epss: %u.%06u\n", p->epss / 1000000, p->epss % 1000000);
}

/* The first field of a list item comes after its hyphen. */
static void begin_item(struct tu_buf *out, size_t start, size_t indent)
{
	if (!out->failed && out->len > start + indent)
		out->ptr[start + indent - 2] = '-';
}

static void write_corrections(const struct tu_decision *d, struct tu_buf *out)
{
	for (size_t i = 0; i < d->correction_count; i++) {
		const struct tu_correction *c = &d->corrections[i];
		size_t start = out->len;

		time_at(out, 4, "was", c->was);
		time_at(out, 4, "now", c->now);
		text(out, 4, "reason", c->reason);
		text(out, 4, "by", c->by);
		time_at(out, 4, "at", c->at);
		begin_item(out, start, 4);
	}
}

static void write_event(const struct tu_case_event *event, size_t indent, struct tu_buf *out)
{
	text(out, indent, "event", event->name);
	time_at(out, indent, "at", event->at);
	text(out, indent, "evidence", event->evidence);
	texts(out, indent, "contents", &event->contents);
}

static void write_changes(const struct tu_case_event *event, struct tu_buf *out)
{
	if (event->change_count)
		tu_buf_c(out, "    corrections:\n");
	for (size_t i = 0; i < event->change_count; i++) {
		const struct tu_event_change *change = &event->changes[i];
		size_t start = out->len;

		if (change->now) {
			tu_buf_c(out, "        now:\n");
			write_event(change->now, 10, out);
		} else {
			word(out, 8, "taken_back", "true");
		}
		text(out, 8, "reason", change->reason);
		text(out, 8, "by", change->by);
		time_at(out, 8, "at", change->at);
		begin_item(out, start, 8);
	}
}

static void write_events(const struct tu_decision *d, struct tu_buf *out)
{
	for (size_t i = 0; i < d->event_count; i++) {
		size_t start = out->len;

		if (d->events[i].instead) /* it is among the corrections of another */
			continue;
		write_event(&d->events[i], 4, out);
		write_changes(&d->events[i], out);
		begin_item(out, start, 4);
	}
}

static void write_judgement(const struct tu_decision *d, struct tu_buf *out)
{
	word(out, 0, "status", tu_claim_status_name(d->status));
	word(out, 0, "justification", tu_justification_name(d->justification));
	text(out, 0, "impact", d->impact);
	text(out, 0, "rationale", d->rationale);
	text(out, 0, "exploitability", d->exploitability);
	if (d->harm != TU_HARM_UNKNOWN)
		word(out, 0, "harm", tu_harm_name(d->harm));
	if (d->privacy != TU_PRIVACY_UNKNOWN)
		word(out, 0, "privacy", tu_privacy_name(d->privacy));
	if (d->risk != TU_RISK_UNDECIDED)
		word(out, 0, "risk", tu_risk_name(d->risk));
	texts(out, 0, "controls", &d->controls);
}

void tu_decision_write(const struct tu_decision *d, struct tu_buf *out)
{
	tu_buf_c(out, "schema: tutela-decision/1\n");
	text(out, 0, "id", d->id);
	text(out, 0, "supersedes", d->supersedes);
	text(out, 0, "vulnerability", d->vulnerability);
	texts(out, 0, "aliases", &d->aliases);
	section(out, "component", d, write_component);
	write_judgement(d, out);
	section(out, "action", d, write_action);
	section(out, "validity", d, write_validity);
	date(out, 0, "expires", d->expires);
	text(out, 0, "decided_by", d->decided_by);
	text(out, 0, "role", d->role);
	time_at(out, 0, "decided_at", d->decided_at);
	time_at(out, 0, "learned_at", d->learned_at);
	section(out, "corrections", d, write_corrections);
	section(out, "premises", d, write_premises);
	section(out, "events", d, write_events);
}
