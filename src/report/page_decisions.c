/* Every decision of the folder: its reasons, who made it and when, what it is valid for, its
 * premises, and what re-opened it. */
#include "report/page_parts.h"

enum { UNFOLDED_UNTIL = 60 };

enum group { GROUP_REOPENED, GROUP_HOLDS, GROUP_OPEN, GROUP_LOOSE, GROUP_ELSEWHERE, GROUPS };

static const struct {
	const char *title;
	const char *style;
	const char *word;
} groups[GROUPS] = {
	[GROUP_REOPENED] = {"Re-opened: a premise has changed", "bad", "re-opened"},
	[GROUP_HOLDS] = {"In force for this release", "good", "in force"},
	[GROUP_OPEN] = {"Known, not decided", "open", "under investigation"},
	[GROUP_LOOSE] = {"For this release, without a finding", "open", "no finding"},
	[GROUP_ELSEWHERE] = {"For other releases, or superseded", "plain", "not for this release"},
};

static enum group group_of(const struct tu_page_use *use)
{
	if (use->superseded)
		return GROUP_ELSEWHERE;
	if (use->first && use->first->reopen)
		return GROUP_REOPENED;
	if (use->first)
		return use->decision->status == TU_CLAIM_UNDER_INVESTIGATION ? GROUP_OPEN
									     : GROUP_HOLDS;
	return use->loose ? GROUP_LOOSE : GROUP_ELSEWHERE;
}

/* ---- one decision ---- */

static const char *carried_word(const struct tu_page_use *use)
{
	return use->first->state == TU_ASSESS_CARRIED ? "carried" : "decided";
}

static void add_title(struct tu_page *page, const struct tu_page_use *use)
{
	const struct tu_decision *d = use->decision;
	enum group group = group_of(use);

	tu_buf_printf(page->out, "<article class=\"decision\" id=\"d%zu\"><h4>", use->index);
	tu_page__id(page, d->vulnerability);
	tu_page__raw(page, " in ");
	tu_page__selector(page, &d->component);
	tu_page__raw(page, "</h4><p class=\"marks\">");
	tu_page__mark(page, "plain", tu_claim_status_name(d->status));
	if (d->risk != TU_RISK_UNDECIDED) {
		tu_page__raw(page, " ");
		tu_page__risk(page, d->risk);
	}
	if (group != GROUP_OPEN) {
		tu_page__raw(page, " ");
		tu_page__mark(page, groups[group].style,
			use->superseded		       ? "superseded"
				: group == GROUP_HOLDS ? carried_word(use)
						       : groups[group].word);
	}
	tu_page__raw(page, " <span class=\"id\">");
	tu_page__text(page, d->id);
	tu_page__raw(page, "</span></p>\n");
}

static void add_reasons(struct tu_page *page, const struct tu_page_use *use)
{
	const struct tu_decision *d = use->decision;

	if (use->first && use->first->reopen && !use->superseded) {
		tu_page__raw(page, "<p class=\"reopened\"><b>Re-opened</b> (");
		tu_page__word(page, tu_reopen_name(use->first->reopen));
		tu_page__raw(page, "): ");
		tu_page__text(page, use->first->reopen_why);
		tu_page__raw(page, "</p>");
	}
	if (use->loose) {
		tu_page__raw(page, "<p class=\"reopened\">");
		tu_page__text(page, use->loose->why);
		tu_page__raw(page, "</p>");
	}
	tu_page__raw(page, "<dl>");
	tu_page__fact(page, "Why", d->rationale);
	tu_page__fact(page, "Impact", d->impact);
	if (d->justification != TU_JUSTIFY_NONE)
		tu_page__fact(
			page, "Justification", tu_str_c(tu_justification_name(d->justification)));
}

static void add_axes(struct tu_page *page, const struct tu_decision *d)
{
	if (!d->exploitability.len && d->harm == TU_HARM_UNKNOWN)
		return;
	tu_page__term(page, "Risk");
	tu_page__text(page, d->exploitability.len ? d->exploitability : TU_STR("unknown"));
	tu_page__raw(page, " exploitability, harm ");
	tu_page__word(page, tu_harm_name(d->harm));
	if (d->privacy != TU_PRIVACY_UNKNOWN) {
		tu_page__raw(page, ", privacy ");
		tu_page__word(page, tu_privacy_name(d->privacy));
	}
	if (d->controls.count) {
		tu_page__raw(page, "; relies on ");
		tu_page__list(page, &d->controls);
	}
	tu_page__raw(page, "</dd>");
}

static void add_action(struct tu_page *page, const struct tu_action *action)
{
	if (action->remedy == TU_REMEDY_UNSTATED && !action->text.len)
		return;
	tu_page__term(page, "Action");
	tu_page__word(page, tu_remediation_name(action->remedy));
	if (action->text.len)
		tu_page__raw(page, ": ");
	tu_page__text(page, action->text);
	if (action->fix_release.len) {
		tu_page__raw(page, " (fix in release ");
		tu_page__text(page, action->fix_release);
		tu_page__raw(page, ")");
	}
	if (action->due) {
		tu_page__raw(page, " Due ");
		tu_html_date(page->out, action->due, "");
		tu_page__raw(page, ".");
	}
	tu_page__raw(page, "</dd>");
}

static void add_person(struct tu_page *page, const struct tu_decision *d)
{
	if (d->decided_by.len || d->decided_at) {
		tu_page__term(page, "Decided");
		tu_html_time(page->out, d->decided_at, "at a time not stated");
		tu_page__raw(page, " by ");
		tu_page__text(page, d->decided_by.len ? d->decided_by : TU_STR("not stated"));
		if (d->role.len) {
			tu_page__raw(page, ", ");
			tu_page__text(page, d->role);
		}
		tu_page__raw(page, "</dd>");
	}
	tu_page__term(page, "Learned");
	tu_html_time(page->out, tu_decision_learned(d), "at a time not stated");
	for (size_t i = 0; i < d->correction_count; i++) {
		tu_page__raw(page, "; corrected from ");
		tu_html_time(page->out, d->corrections[i].was, "none");
		tu_page__raw(page, " by ");
		tu_page__text(page, d->corrections[i].by);
		tu_page__raw(page, ": ");
		tu_page__text(page, d->corrections[i].reason);
	}
	tu_page__raw(page, "</dd>");
}

static void add_validity(struct tu_page *page, const struct tu_decision *d)
{
	int64_t expires = tu_decision_expires(d, page->in->device);

	tu_page__term(page, "Valid for");
	tu_page__raw(page, d->validity.releases.count ? "release " : "no release");
	tu_page__list(page, &d->validity.releases);
	tu_page__raw(
		page, d->validity.carry ? " and later ones while its premises hold" : " alone");
	if (d->validity.range_text.len) {
		tu_page__raw(page, "; component versions ");
		tu_page__text(page, d->validity.range_text);
	}
	if (d->validity.configuration.len) {
		tu_page__raw(page, "; configuration ");
		tu_page__text(page, d->validity.configuration);
	}
	tu_page__raw(page, expires ? "; until " : "; with no end date");
	tu_html_date(page->out, expires, "");
	tu_page__raw(page, "</dd>");
}

static void add_premises(struct tu_page *page, const struct tu_premises *p)
{
	if (!p->component.len && !p->advisory.len)
		return;
	tu_page__term(page, "Premises");
	tu_page__text(page, p->component);
	tu_page__raw(page, " ");
	tu_page__text(page, p->version);
	if (p->advisory.len) {
		tu_page__raw(page, "; record ");
		tu_page__text(page, p->advisory);
		tu_page__raw(page, " of ");
		tu_page__text(page, p->source);
		tu_page__raw(page, p->advisory_modified ? " as of " : "");
		tu_html_date(page->out, p->advisory_modified, "");
	}
	if (p->score_tenths != TU_SCORE_UNSTATED)
		tu_buf_printf(
			page->out, "; score %u.%u", p->score_tenths / 10u, p->score_tenths % 10u);
	if (p->kev_stated)
		tu_page__raw(
			page, p->kev ? "; known to be exploited" : "; not known to be exploited");
	if (p->epss != UINT32_MAX)
		tu_buf_printf(page->out, "; EPSS %u.%u %%", p->epss / 10000, p->epss / 1000 % 10);
	tu_page__raw(page, "</dd>");
}

/* What corrects it is the next one, which is listed after it. */
static void add_correction(struct tu_page *page, const struct tu_event_change *change)
{
	tu_page__raw(page, change->now ? "; corrected on " : "; taken back on ");
	tu_html_time(page->out, change->at, "");
	tu_page__raw(page, " by ");
	tu_page__text(page, change->by);
	tu_page__raw(page, ": ");
	tu_page__text(page, change->reason);
}

static void add_events(struct tu_page *page, const struct tu_decision *d)
{
	if (!d->event_count)
		return;
	tu_page__term(page, "Events");
	for (size_t i = 0; i < d->event_count; i++) {
		const struct tu_case_event *event = &d->events[i];

		tu_page__raw(page, i ? "<br>" : "");
		tu_page__raw(page, event->instead ? "instead: " : "");
		tu_html_time(page->out, event->at, "");
		tu_page__raw(page, " ");
		tu_page__text(page, event->name);
		tu_page__raw(page, event->evidence.len ? " (" : " (no evidence");
		tu_page__text(page, event->evidence);
		tu_page__raw(page, event->contents.count ? "; says " : "");
		tu_page__list(page, &event->contents);
		tu_page__raw(page, ")");
		for (size_t k = 0; k < event->change_count; k++)
			add_correction(page, &event->changes[k]);
	}
	tu_page__raw(page, "</dd>");
}

static void add_decision(struct tu_page *page, const struct tu_page_use *use)
{
	const struct tu_decision *d = use->decision;

	add_title(page, use);
	add_reasons(page, use);
	add_axes(page, d);
	add_action(page, &d->action);
	add_person(page, d);
	add_validity(page, d);
	add_premises(page, &d->premises);
	add_events(page, d);
	tu_page__fact(page, "Supersedes", d->supersedes);
	tu_page__raw(page, "</dl></article>\n");
	tu_page__spill(page);
}

/* ---- groups ---- */

static void add_group(struct tu_page *page, enum group group, const size_t counts[GROUPS])
{
	bool unfolded = group != GROUP_ELSEWHERE && counts[group] <= UNFOLDED_UNTIL;

	tu_page__raw(page, unfolded ? "<details open><summary><h3>" : "<details><summary><h3>");
	tu_page__word(page, groups[group].title);
	tu_page__raw(page, "</h3> ");
	tu_html_counted(page->out, counts[group], "decision", "decisions");
	tu_page__raw(page, "</summary>\n");
	for (size_t i = 0; i < page->in->decision_count; i++) { /* by file name */
		const struct tu_page_use *use = tu_page__use(page, page->in->decisions[i]);

		if (use && group_of(use) == group)
			add_decision(page, use);
	}
	tu_page__raw(page, "</details>\n");
}

enum tu_status tu_page__decisions(struct tu_page *page)
{
	size_t counts[GROUPS] = {0};

	for (size_t i = 0; i < page->use_count; i++)
		counts[group_of(&page->uses[i])]++;
	if (!page->use_count)
		tu_page__raw(page, "<p>No decision is recorded.</p>\n");
	for (size_t group = 0; group < GROUPS; group++)
		if (counts[group])
			add_group(page, (enum group)group, counts);
	return TU_OK;
}
