/* Figures: each has a table with the same numbers, folded, for who cannot see it. */
#include "report/page_parts.h"

/* ---- bars ---- */

enum { BAR_LABEL = 104, BAR_LENGTH = 300, BAR_NUMBER = 56, BAR_HEIGHT = 24, BAR_TOP = 26 };

static size_t longest(const struct tu_bars *bars)
{
	size_t most = 0;

	for (size_t i = 0; i < bars->count; i++)
		if (bars->at[i].first + bars->at[i].second > most)
			most = bars->at[i].first + bars->at[i].second;
	return most;
}

static void draw_key(struct tu_svg *svg, const struct tu_bars *bars)
{
	tu_svg_rect(svg, "one", BAR_LABEL, 4, 10, 10);
	tu_svg_text(svg, "s", BAR_LABEL + 15, 13, tu_str_c(bars->first + 1));
	tu_svg_rect(svg, "two", BAR_LABEL + 130, 4, 10, 10);
	tu_svg_text(svg, "s", BAR_LABEL + 145, 13, tu_str_c(bars->second + 1));
}

static void draw_bar(struct tu_svg *svg, const struct tu_bar *bar, size_t most, int y)
{
	int first = tu_svg_share(bar->first, most, BAR_LENGTH);
	int second = tu_svg_share(bar->second, most, BAR_LENGTH);

	tu_svg_text(svg, "e", BAR_LABEL - 8, y + 15, tu_str_c(bar->label));
	tu_svg_line(svg, "axis", BAR_LABEL, y, BAR_LABEL, y + BAR_HEIGHT);
	if (first)
		tu_svg_rect(svg, "one", BAR_LABEL, y + 4, first, 15);
	if (second)
		tu_svg_rect(svg, "two", BAR_LABEL + first, y + 4, second, 15);
	tu_svg_number(svg, "", BAR_LABEL + first + second + 6, y + 15, bar->first + bar->second);
}

static void tabulate_bars(struct tu_page *page, const struct tu_bars *bars, const char *id)
{
	const char *const heads[] = {bars->head, "#Findings", bars->first, bars->second, NULL};

	tu_page__table(page, id, tu_str_c(bars->title), heads);
	for (size_t i = 0; i < bars->count; i++) {
		const struct tu_bar *bar = &bars->at[i];

		tu_page__raw(page, "<tr>");
		tu_page__row_head(page, tu_str_c(bar->label));
		tu_page__cell_count(page, bar->first + bar->second);
		tu_page__cell_count(page, bar->first);
		tu_page__cell_count(page, bar->second);
		tu_page__raw(page, "</tr>\n");
	}
	tu_page__table_end(page);
}

/* <div><h3>title</h3><figure>: the caller draws, and calls the next two. */
static void open_figure(struct tu_page *page, const char *title)
{
	tu_page__raw(page, "<div class=\"twin\"><h3>");
	tu_page__word(page, title);
	tu_page__raw(page, "</h3><figure>");
}

static void open_table(struct tu_page *page)
{
	tu_page__raw(page, "</figure><details><summary>As a table</summary>");
}

static void close_figure(struct tu_page *page)
{
	tu_page__raw(page, "</details></div>\n");
}

void tu_page__bars(struct tu_page *page, const struct tu_bars *bars)
{
	char id[40];
	size_t len = strlen(bars->id);
	size_t most = longest(bars);
	struct tu_svg svg;

	if (len > sizeof(id) - sizeof("-table"))
		len = sizeof(id) - sizeof("-table");
	memcpy(id, bars->id, len);
	memcpy(id + len, "-table", sizeof("-table"));
	open_figure(page, bars->title);
	svg = tu_svg_open(page->out, bars->id, bars->title, id, BAR_LABEL + BAR_LENGTH + BAR_NUMBER,
		BAR_TOP + (int)bars->count * BAR_HEIGHT);
	draw_key(&svg, bars);
	for (size_t i = 0; i < bars->count; i++)
		draw_bar(&svg, &bars->at[i], most, BAR_TOP + (int)i * BAR_HEIGHT);
	tu_svg_close(&svg);
	open_table(page);
	tabulate_bars(page, bars, id);
	close_figure(page);
}

/* ---- the matrix ---- */

enum { CELL_LEFT = 104, CELL_WIDTH = 92, CELL_HEIGHT = 46, CELL_TOP = 40 };

static const char *const cell_styles[] = {[TU_RISK_UNDECIDED] = "cell open",
	[TU_RISK_CONTROLLED] = "cell good",
	[TU_RISK_UNCONTROLLED] = "cell bad"};

static struct tu_str harm_word(size_t severity)
{
	return tu_str_c(tu_harm_name(TU_HARM_NEGLIGIBLE + (enum tu_harm)severity));
}

static const char *cell_word(enum tu_risk risk)
{
	return risk == TU_RISK_UNDECIDED ? "not in the matrix" : tu_risk_name(risk);
}

/* An uncontrolled cell has a heavy border and a mark, too: colour alone is not enough. */
static void draw_cell(struct tu_page *page, struct tu_svg *svg, size_t band, size_t severity, int y)
{
	enum tu_risk risk = page->in->device->policy.matrix[band][severity];
	size_t count = page->in->result->counts.matrix[band][severity];
	int x = CELL_LEFT + (int)severity * CELL_WIDTH;

	tu_svg_rect(svg, cell_styles[risk], x + 2, y + 2, CELL_WIDTH - 4, CELL_HEIGHT - 4);
	tu_svg_number(svg, count ? "m big" : "m none", x + CELL_WIDTH / 2, y + 29, count);
	if (risk != TU_RISK_CONTROLLED)
		tu_svg_text(svg, "mark-bad e", x + CELL_WIDTH - 9, y + 17,
			risk == TU_RISK_UNCONTROLLED ? TU_STR("!") : TU_STR("?"));
}

static void draw_matrix(struct tu_page *page)
{
	const struct tu_risk_policy *policy = &page->in->device->policy;
	int bands = (int)policy->band_count;
	struct tu_svg svg = tu_svg_open(page->out, "matrix",
		"Open findings by exploitability and harm to the patient", "matrix-table",
		CELL_LEFT + TU_HARM_LEVELS * CELL_WIDTH + 4, CELL_TOP + bands * CELL_HEIGHT + 24);

	tu_svg_text(&svg, "s", CELL_LEFT + 2, 13, TU_STR("severity of harm to the patient"));
	tu_svg_text(&svg, "s e", CELL_LEFT - 8, 31, TU_STR("exploitability"));
	for (size_t s = 0; s < TU_HARM_LEVELS; s++)
		tu_svg_text(&svg, "m", CELL_LEFT + (int)s * CELL_WIDTH + CELL_WIDTH / 2, 31,
			harm_word(s));
	for (int row = 0; row < bands; row++) {
		size_t band = policy->band_count - 1 - (size_t)row;
		int y = CELL_TOP + row * CELL_HEIGHT;

		tu_svg_text(&svg, "e", CELL_LEFT - 8, y + 27, policy->bands[band].name);
		for (size_t s = 0; s < TU_HARM_LEVELS; s++)
			draw_cell(page, &svg, band, s, y);
	}
	tu_svg_text(&svg, "s", CELL_LEFT + 2, CELL_TOP + bands * CELL_HEIGHT + 16,
		TU_STR("! and a heavy border: uncontrolled"));
	tu_svg_close(&svg);
}

static void tabulate_cell(struct tu_page *page, size_t band, size_t severity)
{
	enum tu_risk risk = page->in->device->policy.matrix[band][severity];

	tu_page__raw(
		page, risk == TU_RISK_UNCONTROLLED ? "<td class=\"n bad\">" : "<td class=\"n\">");
	tu_html_count(page->out, page->in->result->counts.matrix[band][severity]);
	tu_page__raw(page, "<small>");
	tu_page__word(page, cell_word(risk));
	tu_page__raw(page, "</small></td>");
}

static void tabulate_matrix(struct tu_page *page)
{
	const struct tu_risk_policy *policy = &page->in->device->policy;
	const char *const heads[] = {"Exploitability", "#negligible", "#minor", "#serious",
		"#critical", "#catastrophic", NULL};

	tu_page__table(page, "matrix-table",
		TU_STR("Open findings by exploitability and severity of harm to the patient"),
		heads);
	for (size_t b = policy->band_count; b-- > 0;) {
		tu_page__raw(page, "<tr>");
		tu_page__row_head(page, policy->bands[b].name);
		for (size_t s = 0; s < TU_HARM_LEVELS; s++)
			tabulate_cell(page, b, s);
		tu_page__raw(page, "</tr>\n");
	}
	tu_page__table_end(page);
}

void tu_page__matrix(struct tu_page *page)
{
	open_figure(page, "Open findings by exploitability and harm to the patient");
	draw_matrix(page);
	open_table(page);
	tabulate_matrix(page);
	close_figure(page);
}
