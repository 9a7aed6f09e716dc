#include "vex/name.h"

#include <tutela/cpe.h>
#include <tutela/purl.h>

#include "base/percent.h"
#include "csaf/csaf.h"
#include "vex/issue.h"

enum tu_status tu_naming_init(
	struct tu_naming *n, struct tu_arena *arena, const struct tu_inventory *inventory)
{
	*n = (struct tu_naming){.inventory = inventory,
		.meant = tu_arena_array(arena, inventory->component_count, sizeof(*n->meant))};
	return n->meant ? tu_identity_init(&n->identity, arena, inventory) : TU_E_NOMEM;
}

void tu_naming_done(struct tu_naming *n)
{
	tu_identity_done(&n->identity);
}

/* ---- BOM-Links ---- */

/* "urn:cdx:SERIAL/VERSION#": of a CycloneDX SBOM with a UUID; a version that is not stated is 1
 * (CycloneDX 1.6, version). */
static bool add_link_start(const struct tu_inventory *inventory, struct tu_buf *out)
{
	struct tu_str uuid = inventory->serial;

	if ((inventory->format != TU_SBOM_CYCLONEDX_JSON &&
		    inventory->format != TU_SBOM_CYCLONEDX_XML) ||
		!tu_str_skip(&uuid, TU_STR("urn:uuid:")) || uuid.len != 36)
		return false;
	tu_buf_printf(out, "urn:cdx:%.*s/%u#", TU_STR_FMT(uuid),
		inventory->bom_version ? (unsigned)inventory->bom_version : 1U);
	return true;
}

static bool take_link(struct tu_naming *n, struct tu_str ref, struct tu_str *out_link)
{
	struct tu_buf link;
	bool fine = true;

	tu_buf_init(&link, 1 << 16);
	if (ref.len && add_link_start(n->inventory, &link)) {
		/* What a fragment may have (RFC 3986, 3.5); "+" is a space to some who decode. */
		tu_percent_add(ref, TU_STR("-._~:/@?=&!$'()*,;"), &link);
		fine = !link.failed && tu_arena_dup(n->identity.arena, tu_buf_str(&link), out_link);
	}
	tu_buf_done(&link);
	return fine;
}

/* ---- identifiers that are those of the components that are meant alone ---- */

static bool names_alone(struct tu_naming *n, const struct tu_vex_product *product)
{
	const struct tu_identity *id = &n->identity;

	if (tu_identity_find(&n->identity, product) != TU_VEX_APPLIES)
		return false;
	for (size_t i = 0; i < id->found.count; i++)
		if (!n->meant[id->found.at[i]])
			return false;
	return id->found.count > 0;
}

static bool purl_names(struct tu_naming *n, struct tu_str purl)
{
	const struct tu_vex_product product = {.purls = &purl, .purl_count = purl.len > 0};

	return names_alone(n, &product);
}

static bool cpe_names(struct tu_naming *n, struct tu_str cpe)
{
	const struct tu_vex_product product = {.cpes = &cpe, .cpe_count = 1};

	return names_alone(n, &product);
}

static bool hash_names(struct tu_naming *n, const struct tu_hash_value *hash)
{
	const struct tu_vex_product product = {.hashes = hash, .hash_count = 1};

	return tu_issue_hash_words(hash) && names_alone(n, &product);
}

/* As it is in the SBOM; spelled by the rules, where it has bytes that no address may have. */
static bool spell(struct tu_arena *arena, struct tu_str text, struct tu_str *out_purl)
{
	struct tu_purl purl;
	struct tu_buf spelled;
	bool fine;

	*out_purl = text;
	if (tu_csaf_rule_holds(TU_CSAF_PURL, text))
		return true;
	tu_buf_init(&spelled, 1 << 20);
	fine = tu_purl_parse(arena, text, &purl, NULL) == TU_OK;
	if (fine)
		tu_purl_write(&purl, &spelled);
	fine = fine && !spelled.failed && tu_arena_dup(arena, tu_buf_str(&spelled), out_purl);
	tu_buf_done(&spelled);
	return fine;
}

static bool take_part(
	struct tu_naming *n, const struct tu_component *component, struct tu_issue_part *part)
{
	*part = (struct tu_issue_part){.name = component->name, .version = component->version};
	if (purl_names(n, component->purl) &&
		!spell(n->identity.arena, component->purl, &part->purl))
		return false;
	for (size_t i = 0; i < component->cpe_count && !part->cpe.len; i++)
		if (cpe_names(n, component->cpes[i]))
			part->cpe = component->cpes[i];
	for (size_t i = 0; i < component->hash_count && !part->purl.len && !part->cpe.len &&
		!part->hash.value.len;
		i++)
		if (hash_names(n, &component->hashes[i]))
			part->hash = component->hashes[i];
	return take_link(n, component->ref, &part->link) && !n->identity.status;
}

enum tu_status tu_naming_parts(struct tu_naming *n, const uint32_t *components, size_t count,
	struct tu_issue_part *out_parts)
{
	bool fine = true;

	for (size_t i = 0; i < count; i++)
		n->meant[components[i]] = true;
	for (size_t i = 0; i < count && fine; i++)
		fine = take_part(n, &n->inventory->components[components[i]], &out_parts[i]);
	for (size_t i = 0; i < count; i++)
		n->meant[components[i]] = false;
	return fine ? TU_OK : TU_E_NOMEM;
}

/* ---- the subject ---- */

static const struct tu_component *subject_of(const struct tu_inventory *inventory)
{
	return inventory->subject == TU_NO_COMPONENT ? NULL
						     : &inventory->components[inventory->subject];
}

/* "pkg:generic/pump?a=b" with "@1.0" in its place. */
static bool add_version(
	struct tu_arena *arena, struct tu_str purl, struct tu_str version, struct tu_str *out_purl)
{
	size_t end = tu_str_find(tu_str_first(purl, tu_str_find(purl, '#')), '?');
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1 << 20);
	tu_buf_str_add(&text, tu_str_first(purl, end));
	tu_buf_byte(&text, '@');
	tu_percent_add(version, TU_STR("-._~"), &text);
	tu_buf_str_add(&text, tu_str_from(purl, end));
	fine = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_purl);
	tu_buf_done(&text);
	return fine;
}

static enum tu_status settle_purl(
	struct tu_arena *arena, struct tu_str text, struct tu_str version, struct tu_str *out_purl)
{
	struct tu_purl purl;
	enum tu_status status = tu_purl_parse(arena, text, &purl, NULL);

	*out_purl = TU_STR("");
	if (status != TU_OK)
		return status == TU_E_NOMEM ? status : TU_OK;
	if (!spell(arena, text, out_purl))
		return TU_E_NOMEM;
	if (purl.version.len || !version.len)
		return TU_OK;
	return add_version(arena, *out_purl, version, out_purl) ? TU_OK : TU_E_NOMEM;
}

static enum tu_status settle_cpe(struct tu_arena *arena, struct tu_str text, struct tu_str *out_cpe)
{
	struct tu_cpe cpe;
	enum tu_status status = tu_cpe_parse(arena, text, &cpe, NULL);
	bool all;

	*out_cpe = TU_STR("");
	if (status != TU_OK)
		return status == TU_E_NOMEM ? status : TU_OK;
	all = tu_str_eq(cpe.attr[TU_CPE_VERSION], TU_STR("*"));
	*out_cpe = all ? TU_STR("") : text;
	return TU_OK;
}

enum tu_status tu_naming_settle(struct tu_arena *arena, struct tu_issue_product *product)
{
	enum tu_status status = settle_purl(arena, product->purl, product->version, &product->purl);

	return status ? status : settle_cpe(arena, product->cpe, &product->cpe);
}

enum tu_status tu_naming_subject(struct tu_naming *n, struct tu_issue_product *product)
{
	const struct tu_component *subject = subject_of(n->inventory);
	struct tu_arena *arena = n->identity.arena;
	enum tu_status status = TU_OK;

	if (!subject)
		return TU_OK;
	if (!product->purl.len)
		status = settle_purl(arena, subject->purl,
			subject->version.len ? subject->version : product->version, &product->purl);
	for (size_t i = 0; i < subject->cpe_count && !product->cpe.len && status == TU_OK; i++)
		status = settle_cpe(arena, subject->cpes[i], &product->cpe);
	if (status == TU_OK && !take_link(n, subject->ref, &product->link))
		status = TU_E_NOMEM;
	return status;
}

bool tu_naming_agrees(struct tu_naming *n, const struct tu_issue_product *product)
{
	uint32_t subject = n->inventory->subject;
	bool agrees;

	if (subject == TU_NO_COMPONENT)
		return false;
	n->meant[subject] = true;
	agrees = (product->purl.len && purl_names(n, product->purl)) ||
		(product->cpe.len && cpe_names(n, product->cpe));
	n->meant[subject] = false;
	return agrees;
}
