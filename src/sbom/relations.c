#include "sbom/relations.h"

#define NO_WORD \
	{ \
		{"", 0}, false \
	}
#define SAYS(word) \
	{ \
		TU_STR_INIT(word), false \
	}
#define TURNED(word) \
	{ \
		TU_STR_INIT(word), true \
	}
#define ANY_SCOPE \
	{ \
		"", 0 \
	}
#define SCOPE(word) TU_STR_INIT(word)

/* Relation, type; SPDX 2's word and the one from the other end; SPDX 3's word and scope;
 * CycloneDX. A type's words of SPDX 3 that have no counterpart of SPDX 2 are at the end. */
static const struct tu_relation_row rows[] = {
	{TU_REL_DEPENDS_ON, TU_TYPE_BUILD_DEPENDENCY, TURNED("BUILD_DEPENDENCY_OF"), NO_WORD,
		SAYS("dependsOn"), SCOPE("build"), "dependsOn"},
	{TU_REL_DEPENDS_ON, TU_TYPE_RUNTIME_DEPENDENCY, TURNED("RUNTIME_DEPENDENCY_OF"), NO_WORD,
		SAYS("dependsOn"), SCOPE("runtime"), "dependsOn"},
	{TU_REL_OTHER, TU_TYPE_DEV_DEPENDENCY, TURNED("DEV_DEPENDENCY_OF"), NO_WORD,
		SAYS("dependsOn"), SCOPE("development"), NULL},
	{TU_REL_OTHER, TU_TYPE_TEST_DEPENDENCY, TURNED("TEST_DEPENDENCY_OF"), NO_WORD,
		SAYS("dependsOn"), SCOPE("test"), NULL},
	{TU_REL_DEPENDS_ON, TU_TYPE_PLAIN, SAYS("DEPENDS_ON"), TURNED("DEPENDENCY_OF"),
		SAYS("dependsOn"), ANY_SCOPE, "dependsOn"},
	{TU_REL_DEPENDS_ON, TU_TYPE_OPTIONAL_DEPENDENCY, TURNED("OPTIONAL_DEPENDENCY_OF"), NO_WORD,
		SAYS("hasOptionalDependency"), ANY_SCOPE, "dependsOn"},
	{TU_REL_DEPENDS_ON, TU_TYPE_PROVIDED_DEPENDENCY, TURNED("PROVIDED_DEPENDENCY_OF"), NO_WORD,
		SAYS("hasProvidedDependency"), ANY_SCOPE, "dependsOn"},
	{TU_REL_DEPENDS_ON, TU_TYPE_DYNAMIC_LINK, SAYS("DYNAMIC_LINK"), NO_WORD,
		SAYS("hasDynamicLink"), ANY_SCOPE, "dependsOn"},
	{TU_REL_DEPENDS_ON, TU_TYPE_STATIC_LINK, SAYS("STATIC_LINK"), NO_WORD,
		SAYS("hasStaticLink"), ANY_SCOPE, "dependsOn"},
	{TU_REL_DEPENDS_ON, TU_TYPE_PREREQUISITE, SAYS("HAS_PREREQUISITE"),
		TURNED("PREREQUISITE_FOR"), SAYS("hasPrerequisite"), ANY_SCOPE, "dependsOn"},
	{TU_REL_CONTAINS, TU_TYPE_PLAIN, SAYS("CONTAINS"), TURNED("CONTAINED_BY"), SAYS("contains"),
		ANY_SCOPE, NULL},
	{TU_REL_CONTAINS, TU_TYPE_PACKAGE, TURNED("PACKAGE_OF"), NO_WORD, NO_WORD, ANY_SCOPE, NULL},
	{TU_REL_CONTAINS, TU_TYPE_PACKAGED_BY, NO_WORD, NO_WORD, TURNED("packagedBy"), ANY_SCOPE,
		NULL},
	{TU_REL_CONTAINS, TU_TYPE_OPTIONAL_COMPONENT, TURNED("OPTIONAL_COMPONENT_OF"), NO_WORD,
		SAYS("hasOptionalComponent"), ANY_SCOPE, NULL},
	/* DESCRIBE: seen in use, not in the clause. */
	{TU_REL_DESCRIBES, TU_TYPE_PLAIN, SAYS("DESCRIBES"), TURNED("DESCRIBED_BY"),
		SAYS("describes"), ANY_SCOPE, NULL},
	{TU_REL_DESCRIBES, TU_TYPE_PLAIN, SAYS("DESCRIBE"), NO_WORD, NO_WORD, ANY_SCOPE, NULL},
	/* "A SPECIFICATION_FOR B": A is the specification. */
	{TU_REL_PROVIDES, TU_TYPE_PLAIN, TURNED("SPECIFICATION_FOR"), NO_WORD,
		SAYS("hasSpecification"), ANY_SCOPE, "provides"},
	{TU_REL_GENERATED_FROM, TU_TYPE_PLAIN, SAYS("GENERATED_FROM"), TURNED("GENERATES"),
		TURNED("generates"), ANY_SCOPE, NULL},
	{TU_REL_GENERATED_FROM, TU_TYPE_EXPANDED_FROM_ARCHIVE, SAYS("EXPANDED_FROM_ARCHIVE"),
		NO_WORD, TURNED("expandsTo"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_PLAIN, SAYS("OTHER"), NO_WORD, SAYS("other"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_ANCESTOR, SAYS("ANCESTOR_OF"), NO_WORD, SAYS("ancestorOf"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_DESCENDANT, SAYS("DESCENDANT_OF"), NO_WORD, SAYS("descendantOf"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_VARIANT, SAYS("VARIANT_OF"), NO_WORD, TURNED("hasVariant"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_COPY, SAYS("COPY_OF"), NO_WORD, TURNED("copiedTo"), ANY_SCOPE, NULL},
	/* "A DISTRIBUTION_ARTIFACT B": to distribute A, B must be distributed. */
	{TU_REL_OTHER, TU_TYPE_DISTRIBUTION_ARTIFACT, SAYS("DISTRIBUTION_ARTIFACT"), NO_WORD,
		SAYS("hasDistributionArtifact"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_PATCH_FOR, SAYS("PATCH_FOR"), NO_WORD, TURNED("patchedBy"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_PATCH_APPLIED, SAYS("PATCH_APPLIED"), NO_WORD, NO_WORD, ANY_SCOPE,
		NULL},
	{TU_REL_OTHER, TU_TYPE_FILE_ADDED, SAYS("FILE_ADDED"), NO_WORD, TURNED("hasAddedFile"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_FILE_DELETED, SAYS("FILE_DELETED"), NO_WORD,
		TURNED("hasDeletedFile"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_FILE_MODIFIED, SAYS("FILE_MODIFIED"), NO_WORD, NO_WORD, ANY_SCOPE,
		NULL},
	{TU_REL_OTHER, TU_TYPE_AMENDS, SAYS("AMENDS"), NO_WORD, TURNED("amendedBy"), ANY_SCOPE,
		NULL},
	{TU_REL_OTHER, TU_TYPE_TEST, SAYS("TEST_OF"), NO_WORD, TURNED("hasTest"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_TEST_CASE, SAYS("TEST_CASE_OF"), NO_WORD, TURNED("hasTestCase"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_BUILD_TOOL, SAYS("BUILD_TOOL_OF"), NO_WORD, TURNED("usesTool"),
		SCOPE("build"), NULL},
	{TU_REL_OTHER, TU_TYPE_DEV_TOOL, SAYS("DEV_TOOL_OF"), NO_WORD, TURNED("usesTool"),
		SCOPE("development"), NULL},
	{TU_REL_OTHER, TU_TYPE_TEST_TOOL, SAYS("TEST_TOOL_OF"), NO_WORD, TURNED("usesTool"),
		SCOPE("test"), NULL},
	{TU_REL_OTHER, TU_TYPE_TOOL, NO_WORD, NO_WORD, TURNED("usesTool"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_DATA_FILE, SAYS("DATA_FILE_OF"), NO_WORD, TURNED("hasDataFile"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_DOCUMENTATION, SAYS("DOCUMENTATION_OF"), NO_WORD,
		TURNED("hasDocumentation"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_METAFILE, SAYS("METAFILE_OF"), NO_WORD, TURNED("hasMetadata"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_EXAMPLE, SAYS("EXAMPLE_OF"), NO_WORD, TURNED("hasExample"),
		ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_DEPENDENCY_MANIFEST, SAYS("DEPENDENCY_MANIFEST_OF"), NO_WORD,
		TURNED("hasDependencyManifest"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_REQUIREMENT, SAYS("REQUIREMENT_DESCRIPTION_FOR"), NO_WORD,
		TURNED("hasRequirement"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_MODIFIED_BY, NO_WORD, NO_WORD, SAYS("modifiedBy"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_INPUT, NO_WORD, NO_WORD, SAYS("hasInput"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_OUTPUT, NO_WORD, NO_WORD, SAYS("hasOutput"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_HOST, NO_WORD, NO_WORD, SAYS("hasHost"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_EVIDENCE, NO_WORD, NO_WORD, SAYS("hasEvidence"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_TESTED_ON, NO_WORD, NO_WORD, SAYS("testedOn"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_TRAINED_ON, NO_WORD, NO_WORD, SAYS("trainedOn"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_INVOKED_BY, NO_WORD, NO_WORD, SAYS("invokedBy"), ANY_SCOPE, NULL},
	{TU_REL_OTHER, TU_TYPE_CONFIGURES, NO_WORD, NO_WORD, SAYS("configures"), ANY_SCOPE, NULL},
};

/* One that was made with a type of another relation is taken as plain. */
const struct tu_relation_row *tu_sbom__relation_row(
	enum tu_relation relation, enum tu_relation_type type)
{
	const struct tu_relation_row *plain = NULL;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (rows[i].relation != relation)
			continue;
		if (rows[i].type == type)
			return &rows[i];
		if (rows[i].type == TU_TYPE_PLAIN && !plain)
			plain = &rows[i];
	}
	return plain ? plain : &rows[0];
}

static bool is_word(const struct tu_relation_word *known, struct tu_str word, bool *out_reversed)
{
	if (!known->word.len || !tu_str_ieq(known->word, word))
		return false;
	*out_reversed = known->reversed;
	return true;
}

const struct tu_relation_row *tu_sbom__relation_spdx2(struct tu_str word, bool *out_reversed)
{
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (is_word(&rows[i].spdx2, word, out_reversed) ||
			is_word(&rows[i].spdx2_other, word, out_reversed))
			return &rows[i];
	}
	return NULL;
}

const struct tu_relation_row *tu_sbom__relation_spdx3(
	struct tu_str word, struct tu_str scope, bool *out_reversed)
{
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if ((!rows[i].scope.len || tu_str_eq(rows[i].scope, scope)) &&
			is_word(&rows[i].spdx3, word, out_reversed))
			return &rows[i];
	}
	return NULL;
}
