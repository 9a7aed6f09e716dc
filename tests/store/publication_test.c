/* What others may have of releases: who sees what, and how a collection changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/media.h"
#include "portfolio/offer.h"
#include "portfolio/statement.h"

struct offering {
	struct scene *s;
	struct tu_publication_about about;
	char artifact[TU_RANDOM_ID + 1]; /* of the last one */
	/* who asks: nobody, a customer, a reader of the device; or a reader of none */
	const char *asks;
	/* what they see, as text: "4.3.1: 1 INITIAL bom/1; 2 …" */
	char seen[4096];
	struct tu_statement_seen said;
	char said_id[TU_RANDOM_ID + 1];
	const char *tlp, *release;
};

static enum tu_status with_release(
	struct tu_work *w, struct offering *o, struct tu_release_row *release, struct tu_error *err)
{
	struct tu_device_row device;
	enum tu_status status = tu_device_find(w, tu_str_c(o->s->device), &device, err);

	return status ? status : tu_release_find(w, &device, tu_str_c(o->s->version), release, err);
}

static enum tu_status publish(struct tu_work *w, void *self, struct tu_error *err)
{
	struct offering *o = self;
	struct tu_release_row release;
	enum tu_status status = with_release(w, o, &release, err);

	o->about.release = &release;
	if (status == TU_OK)
		status = tu_publish(w, &o->about, err);
	if (status == TU_OK)
		(void)snprintf(
			o->artifact, sizeof(o->artifact), "%.*s", TU_STR_FMT(o->about.artifact));
	return status;
}

static enum tu_status unpublish(struct tu_work *w, void *self, struct tu_error *err)
{
	struct offering *o = self;
	struct tu_release_row release;
	enum tu_status status = with_release(w, o, &release, err);

	return status ? status : tu_unpublish(w, &release, tu_str_c(o->artifact), err);
}

static void write_version(const struct tu_offer_release *release, size_t i, struct tu_buf *out)
{
	static const char *const reasons[] = {"INITIAL", "ADDED", "UPDATED", "REMOVED"};
	const struct tu_offer_version *version = &release->versions[i];

	tu_buf_printf(out, " %zu %s", i + 1, reasons[version->reason]);
	for (size_t k = 0; k < release->item_count; k++)
		if (tu_offer_has(version, &release->items[k]))
			tu_buf_printf(out, " %.*s/%lld", TU_STR_FMT(release->items[k].type),
				(long long)release->items[k].revision);
	tu_buf_c(out, ";");
}

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct offering *o = self;
	struct tu_device_row device;
	struct tu_list_scope scope = {0};
	struct tu_offer_asker asker = {.scope = strcmp(o->asks, "nobody") == 0 ? NULL : &scope,
		.reads = strstr(o->asks, "reader") != NULL};
	struct tu_offers offers;
	struct tu_buf out;
	enum tu_status status = tu_device_find(w, tu_str_c(o->s->device), &device, err);

	if (strcmp(o->asks, "a reader of none") != 0)
		scope = (struct tu_list_scope){.device_ids = &device.id, .device_count = 1};
	if (status == TU_OK)
		status = tu_offer_list(w, &asker, 0, &offers, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&out, sizeof(o->seen) - 1);
	for (size_t d = 0; d < offers.count; d++) {
		for (size_t r = 0; r < offers.at[d].release_count; r++) {
			const struct tu_offer_release *release = &offers.at[d].releases[r];

			tu_buf_printf(&out, "%s%.*s:", out.len ? " " : "",
				TU_STR_FMT(release->row.version));
			for (size_t i = 0; i < release->version_count; i++)
				write_version(release, i, &out);
		}
	}
	assert_false(out.failed);
	(void)snprintf(o->seen, sizeof(o->seen), "%.*s", TU_STR_FMT(tu_buf_str(&out)));
	tu_buf_done(&out);
	return TU_OK;
}

static const char *seen_by(struct offering *o, const char *who)
{
	o->asks = who;
	assert_ok(tu_work_run(o->s->store, &o->s->act, look, o, error));
	return o->seen;
}

static void sees(struct offering *o, const char *who, const char *text)
{
	assert_string_equal(seen_by(o, who), text);
}

/* The clock goes on with each change. */
static void does(struct offering *o, tu_work_call *work, enum tu_status wanted, const char *words)
{
	struct tu_error err = {0};
	enum tu_status status;

	o->s->act.at += 1000000;
	status = tu_work_run(o->s->store, &o->s->act, work, o, &err);
	if (status != wanted)
		print_error("%s\n", err.message);
	assert_int_equal(status, wanted);
	if (words)
		assert_non_null(strstr(err.message, words));
}

static void offer(struct offering *o, enum tu_publication_kind kind,
	enum tu_publication_level level, const char *path, const char *type)
{
	o->about = (struct tu_publication_about){
		.kind = kind, .level = level, .path = tu_str_c(path), .type = tu_str_c(type)};
	does(o, publish, TU_OK, NULL);
}

static void nothing_is_published_by_itself(void **state)
{
	struct scene s = scene_portfolio();
	struct offering o = {.s = &s};

	(void)state;
	s.version = "4.3.1";
	o.about = (struct tu_publication_about){.kind = TU_PUBLICATION_SBOM};
	does(&o, publish, TU_E_USAGE, "has no SBOM yet");
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	sees(&o, "nobody", "");
	sees(&o, "a reader", "");
	o.about = (struct tu_publication_about){
		.kind = TU_PUBLICATION_FILE, .path = TU_STR("none"), .type = TU_STR("other")};
	does(&o, publish, TU_E_NOTFOUND, "no such file");
	o.about = (struct tu_publication_about){
		.kind = TU_PUBLICATION_FILE, .path = TU_STR("none"), .type = TU_STR("poem")};
	does(&o, publish, TU_E_USAGE, "no type of a file");
	does(&o, unpublish, TU_E_NOTFOUND, "no such artifact");
	sees(&o, "a reader", "");
	scene_done(&s);
}

static void a_level_is_for_those_who_have_it(void **state)
{
	struct scene s = scene_portfolio();
	struct offering o = {.s = &s};

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	offer(&o, TU_PUBLICATION_SBOM, TU_LEVEL_INTERNAL, "", "");
	sees(&o, "nobody", "");
	sees(&o, "a customer", "");
	sees(&o, "a reader of none", "");
	sees(&o, "a reader", "4.3.1: 1 INITIAL bom/1;");
	offer(&o, TU_PUBLICATION_SBOM, TU_LEVEL_CUSTOMER, "", "");
	sees(&o, "nobody", "");
	sees(&o, "a customer", "4.3.1: 1 INITIAL bom/1;");
	offer(&o, TU_PUBLICATION_FILE, TU_LEVEL_PUBLIC, "supplier-wifi.openvex.json",
		"vulnerabilities");
	/* numbers say nothing of what is above one's level */
	sees(&o, "nobody", "4.3.1: 1 INITIAL vulnerabilities/1;");
	sees(&o, "a reader of none", "4.3.1: 1 INITIAL vulnerabilities/1;");
	sees(&o, "a customer", "4.3.1: 1 INITIAL bom/1; 2 ADDED bom/1 vulnerabilities/1;");
	/* the same for those who had it before */
	sees(&o, "a reader", "4.3.1: 1 INITIAL bom/1; 2 ADDED bom/1 vulnerabilities/1;");
	offer(&o, TU_PUBLICATION_SBOM, TU_LEVEL_PUBLIC, "", "");
	sees(&o, "nobody", "4.3.1: 1 INITIAL vulnerabilities/1; 2 ADDED bom/1 vulnerabilities/1;");
	/* narrowed again: for others it is gone, also from what was */
	offer(&o, TU_PUBLICATION_SBOM, TU_LEVEL_INTERNAL, "", "");
	sees(&o, "nobody",
		"4.3.1: 1 INITIAL vulnerabilities/1; 2 ADDED vulnerabilities/1; 3 REMOVED "
		"vulnerabilities/1;");
	sees(&o, "a reader", "4.3.1: 1 INITIAL bom/1; 2 ADDED bom/1 vulnerabilities/1;");
	scene_done(&s);
}

static void a_collection_has_versions(void **state)
{
	struct scene s = scene_portfolio();
	struct offering o = {.s = &s};

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	offer(&o, TU_PUBLICATION_RELEASE, TU_LEVEL_PUBLIC, "", "");
	sees(&o, "nobody", "4.3.1: 1 INITIAL;");
	offer(&o, TU_PUBLICATION_SBOM, TU_LEVEL_PUBLIC, "", "");
	sees(&o, "nobody", "4.3.1: 1 INITIAL; 2 ADDED bom/1;");
	/* what is stored changes nothing until it is published */
	scene_put_sbom(&s, "4.3.1", "infusion-pump-4.4.0.cdx.json");
	sees(&o, "nobody", "4.3.1: 1 INITIAL; 2 ADDED bom/1;");
	offer(&o, TU_PUBLICATION_SBOM, TU_LEVEL_PUBLIC, "", "");
	assert_true(o.about.changed);
	sees(&o, "nobody", "4.3.1: 1 INITIAL; 2 ADDED bom/1; 3 UPDATED bom/2;");
	offer(&o, TU_PUBLICATION_SBOM, TU_LEVEL_PUBLIC, "", "");
	assert_false(o.about.changed);
	does(&o, unpublish, TU_OK, NULL);
	sees(&o, "nobody", "4.3.1: 1 INITIAL; 2 ADDED; 3 UPDATED; 4 REMOVED;");
	does(&o, unpublish, TU_E_NOTFOUND, NULL);
	offer(&o, TU_PUBLICATION_SBOM, TU_LEVEL_PUBLIC, "", "");
	sees(&o, "nobody", "4.3.1: 1 INITIAL; 2 ADDED; 3 UPDATED; 4 REMOVED; 5 ADDED bom/2;");
	/* nothing of its own is offered: there is no such release */
	does(&o, unpublish, TU_OK, NULL);
	offer(&o, TU_PUBLICATION_RELEASE, TU_LEVEL_CUSTOMER, "", "");
	sees(&o, "nobody", "");
	scene_done(&s);
}

/* ---- statements ---- */

static enum tu_status state_it(struct tu_work *w, void *self, struct tu_error *err)
{
	struct offering *o = self;
	struct tu_statement_writer writer = {.kb = o->s->kb};
	struct tu_device_row device;
	struct tu_str public_id;
	const struct tu_statement_about about = {.device = &device,
		.release = tu_str_c(o->release),
		.tlp = tu_str_c(o->tlp),
		.formats = 1u << TU_ISSUE_OPENVEX | 1u << TU_ISSUE_CSAF_VEX};
	enum tu_status status = tu_device_find(w, tu_str_c(o->s->device), &device, err);

	if (status == TU_OK)
		status = tu_statement_draft(w, &writer, &about, &public_id, err);
	if (status == TU_OK)
		(void)snprintf(o->said_id, sizeof(o->said_id), "%.*s", TU_STR_FMT(public_id));
	return status;
}

static enum tu_status revise_it(struct tu_work *w, void *self, struct tu_error *err)
{
	struct offering *o = self;
	struct tu_statement_writer writer = {.kb = o->s->kb};
	enum tu_status status = tu_statement_find(w, tu_str_c(o->said_id), NULL, &o->said, err);

	return status ? status
		      : tu_statement_revise(w, &writer, &o->said,
				&(struct tu_statement_changes){.summary = TU_STR("again")}, err);
}

static enum tu_status approve_it(struct tu_work *w, void *self, struct tu_error *err)
{
	struct offering *o = self;
	struct tu_statement_writer writer = {.kb = o->s->kb};
	struct tu_statement_approval approval = {.zone = TU_STR("Z")};
	struct tu_person person;
	enum tu_status status = tu_statement_find(w, tu_str_c(o->said_id), NULL, &o->said, err);

	if (status == TU_OK)
		status = tu_person_find(w->tx, w->act->actor, w->arena, &person, err);
	if (status != TU_OK)
		return status;
	memcpy(approval.digest, o->said.digest, sizeof(approval.digest));
	approval.proof = (struct tu_proof){person.id, w->act->at, false};
	return tu_statement_approve(w, &writer, &o->said, &approval, err);
}

static enum tu_status publish_it(struct tu_work *w, void *self, struct tu_error *err)
{
	struct offering *o = self;
	struct tu_statement_writer writer = {.kb = o->s->kb};
	int64_t due;
	enum tu_status status = tu_statement_find(w, tu_str_c(o->said_id), NULL, &o->said, err);

	return status ? status : tu_statement_publish(w, &writer, &o->said, &due, err);
}

static enum tu_status withdraw_it(struct tu_work *w, void *self, struct tu_error *err)
{
	struct offering *o = self;
	enum tu_status status = tu_statement_find(w, tu_str_c(o->said_id), NULL, &o->said, err);

	return status ? status : tu_statement_withdraw(w, &o->said, err);
}

static void as(struct offering *o, const char *login)
{
	o->s->act.actor = tu_str_c(login);
}

static void goes_out(struct offering *o, tu_work_call *draft)
{
	as(o, "writer");
	does(o, draft, TU_OK, NULL);
	as(o, "reviewer");
	does(o, approve_it, TU_OK, NULL);
	does(o, publish_it, TU_OK, NULL);
}

static void decide(struct scene *s)
{
	s->name = "curl-socks.yaml";
	s->text = scene_example(s, "decisions/curl-socks.yaml");
	s->act = scene_act("engineer");
	scene_run(s, scene_propose);
	scene_person(s, "reviewer", "approver");
	scene_person(s, "writer", "analyst");
	s->act = scene_act("reviewer");
	scene_run(s, scene_approve);
}

static void statements_go_with_their_releases(void **state)
{
	struct scene s = scene_portfolio();
	struct offering o = {.s = &s, .tlp = "GREEN", .release = "4.3.1"};

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	decide(&s);
	goes_out(&o, state_it);
	sees(&o, "nobody", "");
	sees(&o, "a customer", "4.3.1: 1 INITIAL vulnerabilities/1;");
	o.tlp = "WHITE";
	o.release = ""; /* every release: it makes none of them public */
	goes_out(&o, state_it);
	sees(&o, "nobody", "");
	offer(&o, TU_PUBLICATION_RELEASE, TU_LEVEL_PUBLIC, "", "");
	sees(&o, "nobody", "4.3.1: 1 INITIAL vulnerabilities/1;");
	/* drafts have no numbers for others */
	as(&o, "writer");
	does(&o, revise_it, TU_OK, NULL);
	goes_out(&o, revise_it);
	sees(&o, "nobody", "4.3.1: 1 INITIAL vulnerabilities/1; 2 UPDATED vulnerabilities/2;");
	s.act.reason = TU_STR("it was wrong");
	does(&o, withdraw_it, TU_OK, NULL);
	sees(&o, "nobody", "4.3.1: 1 INITIAL; 2 UPDATED; 3 REMOVED;");
	scene_done(&s);
}

static void a_document_has_a_media_type(void **state)
{
	static const struct {
		const char *text, *media, *ending;
	} rows[] = {
		{"{\"bomFormat\": \"CycloneDX\"}", "application/vnd.cyclonedx+json", "cdx.json"},
		{"\xef\xbb\xbf\n {\"spdxVersion\":\"SPDX-2.3\"}", "application/spdx+json",
			"spdx.json"},
		{"{\"@context\":\"https://spdx.org/rdf/3.0.1/x\"}", "application/spdx+json",
			"spdx.json"},
		{"<?xml version='1.0'?><bom xmlns='http://cyclonedx.org/schema/bom/1.5'/>",
			"application/vnd.cyclonedx+xml", "cdx.xml"},
		{"SPDXVersion: SPDX-2.3", "text/spdx", "spdx"},
		{"{}", "application/json", "json"},
		{"<html/>", "application/octet-stream", "bin"},
		{"", "application/octet-stream", "bin"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const char *media = tu_media_of(tu_str_c(rows[i].text));

		assert_string_equal(media, rows[i].media);
		assert_string_equal(tu_media_ending(tu_str_c(media)), rows[i].ending);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_published_by_itself),
		cmocka_unit_test(a_level_is_for_those_who_have_it),
		cmocka_unit_test(a_collection_has_versions),
		cmocka_unit_test(statements_go_with_their_releases),
		cmocka_unit_test(a_document_has_a_media_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
