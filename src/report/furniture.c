/* What the sections call: headings, tables, cells, marks. */
#include <tutela/exploited.h>

#include "report/page_parts.h"

#include "base/utf8.h"

void tu_page__document(struct tu_page *page)
{
	tu_page__raw(page,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
}

void tu_page__document_style(struct tu_page *page)
{
	tu_page__raw(page, "</title>\n<style>");
	for (size_t i = 0; tu_page__style[i]; i++)
		tu_page__raw(page, tu_page__style[i]);
	tu_page__raw(page,
		"</style>\n</head>\n<body>\n"
		"<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n");
}

void tu_page__section(struct tu_page *page, const char *id, const char *title)
{
	tu_page__raw(page, "\n<section id=\"");
	tu_page__word(page, id);
	tu_page__raw(page, "\" aria-labelledby=\"");
	tu_page__word(page, id);
	tu_page__raw(page, "-head\"><h2 id=\"");
	tu_page__word(page, id);
	tu_page__raw(page, "-head\">");
	tu_page__word(page, title);
	tu_page__raw(page, "</h2>\n");
}

void tu_page__section_end(struct tu_page *page)
{
	tu_page__raw(page, "</section>\n");
	tu_page__spill(page);
}

static void add_head(struct tu_page *page, const char *head)
{
	bool numbers = *head == '#';

	tu_page__raw(page, numbers ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
	tu_page__word(page, head + numbers);
	tu_page__raw(page, "</th>");
}

void tu_page__table(
	struct tu_page *page, const char *id, struct tu_str caption, const char *const *heads)
{
	tu_page__raw(page, "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
	tu_page__text(page, caption);
	tu_page__raw(page, "\"><table");
	if (id) {
		tu_page__raw(page, " id=\"");
		tu_page__word(page, id);
		tu_page__raw(page, "\"");
	}
	tu_page__raw(page, "><caption>");
	tu_page__text(page, caption);
	tu_page__raw(page, "</caption><thead><tr>");
	while (*heads)
		add_head(page, *heads++);
	tu_page__raw(page, "</tr></thead><tbody>\n");
}

void tu_page__table_end(struct tu_page *page)
{
	tu_page__raw(page, "</tbody></table></div>\n");
}

void tu_page__cell(struct tu_page *page, struct tu_str text)
{
	tu_html_element(page->out, "td", text);
}

void tu_page__cell_count(struct tu_page *page, size_t count)
{
	tu_page__raw(page, "<td class=\"n\">");
	tu_html_count(page->out, count);
	tu_page__raw(page, "</td>");
}

void tu_page__cell_date(struct tu_page *page, int64_t seconds, const char *otherwise)
{
	tu_page__raw(page, "<td class=\"d\">");
	tu_html_date(page->out, seconds, otherwise);
	tu_page__raw(page, "</td>");
}

void tu_page__row_head(struct tu_page *page, struct tu_str text)
{
	tu_html_element(page->out, "th scope=\"row\"", text);
}

void tu_page__cell_word(struct tu_page *page, const char *word)
{
	tu_html_element(page->out, "td class=\"k\"", tu_str_c(word));
}

void tu_page__term(struct tu_page *page, const char *term)
{
	tu_html_element(page->out, "dt", tu_str_c(term));
	tu_page__raw(page, "<dd>");
}

void tu_page__fact(struct tu_page *page, const char *term, struct tu_str text)
{
	if (!text.len)
		return;
	tu_page__term(page, term);
	tu_page__text(page, text);
	tu_page__raw(page, "</dd>");
}

void tu_page__list(struct tu_page *page, const struct tu_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		tu_page__raw(page, i ? ", " : "");
		tu_page__text(page, texts->at[i]);
	}
}

void tu_page__mark(struct tu_page *page, const char *style, const char *word)
{
	tu_page__raw(page, "<span class=\"mark ");
	tu_page__word(page, style);
	tu_page__raw(page, "\">");
	tu_page__word(page, word);
	tu_page__raw(page, "</span>");
}

void tu_page__risk(struct tu_page *page, enum tu_risk risk)
{
	static const char *const styles[] = {[TU_RISK_UNDECIDED] = "open",
		[TU_RISK_CONTROLLED] = "good",
		[TU_RISK_UNCONTROLLED] = "bad"};

	tu_page__mark(page, styles[risk], tu_risk_name(risk));
}

const char *tu_page__state_word(enum tu_assess_state state)
{
	static const char *const words[TU_ASSESS_STATES] = {
		[TU_ASSESS_UNDECIDED] = "not assessed",
		[TU_ASSESS_SUPPLIER] = "closed by a supplier",
	};

	return words[state] ? words[state] : tu_assess_state_name(state);
}

bool tu_page__waits(const struct tu_assessment *assessment)
{
	return !tu_assess_is_closed(assessment) &&
		(assessment->state == TU_ASSESS_UNDECIDED ||
			assessment->state == TU_ASSESS_REOPENED);
}

void tu_page__title(struct tu_page *page, struct tu_str title)
{
	enum { SHOWN_MAX = 140 }; /* characters */
	struct tu_str shown = tu_utf8_first(title, SHOWN_MAX);

	if (!title.len)
		return;
	tu_page__raw(page, "<small class=\"t\">");
	tu_page__text(page, shown);
	tu_page__raw(page, shown.len < title.len ? "…</small>" : "</small>");
}

void tu_page__title_of(struct tu_page *page, struct tu_str id)
{
	uint32_t index = tu_kb_find(page->in->kb, id);

	if (index != TU_KB_NONE)
		tu_page__title(page, tu_kb_vulnerability(page->in->kb, index).title);
}

void tu_page__span(struct tu_page *page, int64_t seconds)
{
	if (seconds < 86400)
		tu_html_counted(page->out, (size_t)(seconds / 3600), "hour", "hours");
	else
		tu_html_days(page->out, seconds);
}

void tu_page__component(struct tu_page *page, const struct tu_component *component)
{
	tu_page__text(page, component->name);
	tu_page__raw(page, component->version.len ? " " : "");
	tu_page__text(page, component->version);
}

const struct tu_component *tu_page__component_of(
	const struct tu_page *page, const struct tu_assessment *assessment)
{
	return &page->in->inventory->components[assessment->of->distinct->first];
}

void tu_page__selector(struct tu_page *page, const struct tu_selector *selector)
{
	const struct {
		const char *word;
		struct tu_str value;
	} parts[] = {{"", selector->name}, {"version ", selector->version}, {"", selector->purl},
		{"", selector->cpe}, {"ref ", selector->ref}, {"path ", selector->path}};
	size_t count = 0;

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		if (!parts[i].value.len)
			continue;
		tu_page__raw(page, count++ ? ", " : "");
		tu_page__word(page, parts[i].word);
		tu_page__text(page, parts[i].value);
	}
}

void tu_page__catalogues(struct tu_page *page, const struct tu_assessment *a)
{
	struct tu_kb_exploited one;
	struct tu_str last = {"", 0};
	const char *before = "(";
	uint32_t at = 0;

	while (tu_kb_exploited_next(page->in->kb, a->of->finding->vulnerability, &at, &one)) {
		/* records of one catalogue stand together, and those that repeat it come last */
		if (one.withdrawn || one.origin.len || tu_str_eq(one.catalogue, last))
			continue;
		tu_page__raw(page, before);
		tu_page__text(page, one.catalogue);
		last = one.catalogue;
		before = ", ";
	}
	if (!last.len && a->of->facts.has_kev)
		tu_page__raw(page, "(CISA, as others repeat it)");
	else if (last.len)
		tu_page__raw(page, ")");
}
