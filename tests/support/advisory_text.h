/*
 * An advisory with all its facts as text, for tests that compare it and drivers that print it.
 *
 *   CVE CVE-2024-0001 published 1704067200 0 0 database=acme title=…
 *     score 3.1 9.8 CVSS:3.1/… severity=CRITICAL scorer=…
 *     package npm ns=@scope name=leftpad npm otherwise=unaffected fixed=1.2 affected [1.0,1.2)
 *     product 0.0 cpe:2.3:a:acme:pump:*:… generic otherwise=unknown affected [,1.4)
 *
 * A bound that its scheme cannot order is followed by "?".
 */
#ifndef TEST_ADVISORY_TEXT_H
#define TEST_ADVISORY_TEXT_H

#include <tutela/advisory.h>

static inline void text_add(struct tu_buf *out, struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c == '\\' || c == 0x7f)
			tu_buf_printf(out, "\\x%02x", c);
		else
			tu_buf_byte(out, (char)c);
	}
}

static inline void text_fact(struct tu_buf *out, const char *name, struct tu_str text)
{
	if (text.len == 0)
		return;
	tu_buf_printf(out, " %s=", name);
	text_add(out, text);
}

static inline void text_bound(struct tu_buf *out, const struct tu_bound *bound)
{
	text_add(out, bound->text);
	if (bound->text.len && !bound->key.len)
		tu_buf_byte(out, '?');
}

static inline void text_versions(struct tu_buf *out, const struct tu_versions *v)
{
	static const char *const words[] = {"unknown", "affected", "unaffected"};
	struct tu_str scheme = tu_scheme_name(v->scheme);

	tu_buf_printf(out, " %.*s otherwise=%s", TU_STR_FMT(scheme), words[v->otherwise]);
	text_fact(out, "fixed", v->fixed);
	for (size_t i = 0; i < v->count; i++) {
		const struct tu_interval *in = &v->spans[i].interval;

		tu_buf_printf(out, " %s %c", words[v->spans[i].coverage],
			in->lo.inclusive || !in->lo.text.len ? '[' : '(');
		text_bound(out, &in->lo);
		tu_buf_byte(out, ',');
		text_bound(out, &in->hi);
		tu_buf_byte(out, in->hi.inclusive || !in->hi.text.len ? ']' : ')');
	}
	tu_buf_byte(out, '\n');
}

static inline void text_lists(struct tu_buf *out, const struct tu_advisory *a)
{
	for (size_t i = 0; i < a->alias_count; i++)
		text_fact(out, "alias", a->aliases[i]);
	for (size_t i = 0; i < a->related_count; i++)
		text_fact(out, "related", a->related[i]);
	for (size_t i = 0; i < a->cwe_count; i++)
		text_fact(out, "cwe", a->cwes[i]);
	tu_buf_byte(out, '\n');
	for (size_t i = 0; i < a->score_count; i++) {
		const struct tu_score *score = &a->scores[i];

		tu_buf_printf(out, "  score %s", tu_cvss_version_name(score->version));
		if (score->base_tenths != 0xff)
			tu_buf_printf(
				out, " %u.%u", score->base_tenths / 10u, score->base_tenths % 10u);
		text_fact(out, "vector", score->vector);
		text_fact(out, "severity", score->severity);
		text_fact(out, "scorer", score->scorer);
		tu_buf_byte(out, '\n');
	}
	for (size_t i = 0; i < a->reference_count; i++) {
		tu_buf_c(out, "  reference ");
		text_add(out, a->references[i].url);
		text_fact(out, "tags", a->references[i].tags);
		tu_buf_byte(out, '\n');
	}
}

static inline void text_package(struct tu_buf *out, const struct tu_affected_package *p)
{
	tu_buf_c(out, "  package ");
	text_add(out, p->type);
	text_fact(out, "ns", p->namespace_);
	text_fact(out, "name", p->name);
	text_fact(out, "distro", p->distro);
	text_fact(out, "module", p->module);
	text_versions(out, &p->versions);
}

static inline void text_product(struct tu_buf *out, const struct tu_affected_product *p)
{
	tu_buf_printf(out, "  product %u.%u ", p->configuration, p->node);
	tu_cpe_write(&p->cpe, out);
	if (!p->vulnerable)
		tu_buf_c(out, " platform");
	if (p->negate)
		tu_buf_c(out, " negated");
	if (p->from_text)
		tu_buf_c(out, " words");
	text_versions(out, &p->versions);
}

static inline void text_times(struct tu_buf *out, const struct tu_advisory *a)
{
	tu_buf_printf(out, " %s %lld %lld", tu_advisory_state_name(a->state),
		(long long)a->published, (long long)a->modified);
	if (a->withdrawn)
		tu_buf_printf(out, " withdrawn %lld", (long long)a->withdrawn);
}

static inline void advisory_text(const struct tu_advisory *a, struct tu_buf *out)
{
	tu_buf_printf(out, "%s %.*s", tu_source_name(a->source), TU_STR_FMT(a->id));
	text_times(out, a);
	text_fact(out, "database", a->database);
	text_fact(out, "title", a->title);
	text_fact(out, "exploitation", a->ssvc.exploitation);
	text_fact(out, "automatable", a->ssvc.automatable);
	text_fact(out, "impact", a->ssvc.technical_impact);
	if (a->has_kev)
		tu_buf_printf(out, " kev%s", a->kev.ransomware ? " ransomware" : "");
	text_fact(out, "added", a->kev.date_added);
	text_fact(out, "due", a->kev.due_date);
	if (a->epss_score >= 0.0f)
		tu_buf_printf(
			out, " epss=%.5f/%.5f", (double)a->epss_score, (double)a->epss_percentile);
	text_lists(out, a);
	for (size_t i = 0; i < a->package_count; i++)
		text_package(out, &a->packages[i]);
	for (size_t i = 0; i < a->product_count; i++)
		text_product(out, &a->products[i]);
}

#endif
