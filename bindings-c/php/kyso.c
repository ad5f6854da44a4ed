/*
 * PHP extension on libkyso. Gateways, services and methods come from the generated tables.
 *
 * PHP's memory limit ends a request with a long jump that skips what is under way. So libkyso never runs while PHP
 * allocates, and holds nothing of a call then but its result, which is freed on that jump too: inputs are lists of
 * pointers into PHP's own arrays, and results are lists that are read when the call is over.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "php_kyso.h"

#include <ext/json/php_json.h>
#include <ext/standard/info.h>
#include <zend_attributes.h>
#include <zend_exceptions.h>

#if PHP_VERSION_ID < 80100
#error "kyso needs PHP 8.1 or later"
#endif

/* Arrays may be nested as deeply as JSON inputs. */
#define MAX_DEPTH 32

ZEND_BEGIN_ARG_INFO_EX(arginfo_kyso_none, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_kyso_config, 0, 0, 1)
    ZEND_ARG_TYPE_INFO(0, config, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_kyso_required, 0, 1, IS_ARRAY, 0)
    ZEND_ARG_TYPE_INFO(0, input, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_kyso_optional, 0, 0, IS_ARRAY, 0)
    ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, input, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_kyso_to_array, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

/* Only the objects of a client have its services: they cannot be made alone. */
static ZEND_METHOD(kyso_service, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

#include "generated/gateways.h"

/* A client, and the objects that hold it: its own and one per service. */
typedef struct {
    kyso_client *client;
    uint32_t holders;
} kyso_shared;

typedef struct {
    kyso_shared *shared;
    zend_object object;
} kyso_holder;

static zend_object_handlers holder_handlers;

static kyso_holder *holder_of(zend_object *object)
{
    return (kyso_holder *) ((char *) object - XtOffsetOf(kyso_holder, object));
}

static zend_object *create_holder(zend_class_entry *class)
{
    kyso_holder *holder = zend_object_alloc(sizeof(kyso_holder), class);
    holder->shared = NULL;
    zend_object_std_init(&holder->object, class);
    object_properties_init(&holder->object, class);
    holder->object.handlers = &holder_handlers;
    return &holder->object;
}

static void free_holder(zend_object *object)
{
    kyso_shared *shared = holder_of(object)->shared;
    if (shared != NULL && --shared->holders == 0) {
        kyso_client_free(shared->client);
        efree(shared);
    }
    zend_object_std_dtor(object);
}

static void hold(zend_object *object, kyso_shared *shared)
{
    holder_of(object)->shared = shared;
    shared->holders++;
}

/* Exceptions */

static zend_class_entry *exception_class;

/* Members of an error that are properties under their own names. `code` and `message` are Exception's: `error` is the
 * code's name. */
static const struct {
    const char *name;
    uint32_t type;
} ERROR_MEMBERS[] = {
    {"error", MAY_BE_STRING},
    {"operation", MAY_BE_STRING},
    {"field", MAY_BE_STRING},
    {"stage", MAY_BE_STRING},
    {"message_vi", MAY_BE_STRING},
    {"gateway_code", MAY_BE_STRING},
    {"gateway_message", MAY_BE_STRING},
    {"signed", MAY_BE_BOOL},
    {"outcome", MAY_BE_STRING},
    {"next_operation", MAY_BE_STRING},
    {"reason", MAY_BE_STRING},
    {"position", MAY_BE_LONG},
};

#define ERROR_MEMBER_COUNT (sizeof ERROR_MEMBERS / sizeof *ERROR_MEMBERS)

/* Where the properties lie in an exception; the last one is the whole record. */
static zend_property_info *error_places[ERROR_MEMBER_COUNT + 1];

static zend_object *create_exception(zend_class_entry *class)
{
    zend_object *object = class->parent->create_object == create_exception
        ? zend_ce_exception->create_object(class)
        : class->parent->create_object(class);
    for (size_t i = 0; i < ERROR_MEMBER_COUNT; i++) {
        ZVAL_NULL(OBJ_PROP(object, error_places[i]->offset));
    }
    ZVAL_EMPTY_ARRAY(OBJ_PROP(object, error_places[ERROR_MEMBER_COUNT]->offset));
    return object;
}

/* KysoException::toArray(): array */
static ZEND_METHOD(KysoException, toArray)
{
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_COPY(OBJ_PROP(Z_OBJ_P(ZEND_THIS), error_places[ERROR_MEMBER_COUNT]->offset));
}

static const zend_function_entry exception_methods[] = {
    ZEND_ME(KysoException, toArray, arginfo_kyso_to_array, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
    ZEND_FE_END
};

/* A text of a result as PHP's own. The result is freed, whatever happens. */
static zend_string *take_text(kyso_result *result, const char *text, size_t length)
{
    zend_string *volatile copy = NULL;
    zend_try {
        copy = zend_string_init(text, length, 0);
    } zend_catch {
        kyso_result_free(result);
        zend_bailout();
    } zend_end_try();
    kyso_result_free(result);
    return copy;
}

/* Turns JSON text of libkyso into an array, and wipes it: it may hold tokens. */
static void decode(zval *array, zend_string *json)
{
    int done = php_json_decode_ex(array, ZSTR_VAL(json), ZSTR_LEN(json), PHP_JSON_OBJECT_AS_ARRAY, 512);
    ZEND_SECURE_ZERO(ZSTR_VAL(json), ZSTR_LEN(json));
    zend_string_release(json);
    if (done == FAILURE) {
        /* The text is always JSON: builds of PHP that put the limit's error off let their reader fail first. */
        zend_error_noreturn(E_ERROR, "Out of memory while reading a result of libkyso");
    }
}

/* A defect of libkyso: it gave nothing to show. */
static void throw_internal(kyso_result *result)
{
    kyso_result_free(result);
    zval exception;
    object_init_ex(&exception, exception_class);
    ZVAL_STRING(OBJ_PROP(Z_OBJ(exception), error_places[0]->offset), "internal");
    zend_update_property_long(zend_ce_exception, Z_OBJ(exception), ZEND_STRL("code"), KYSO_CODE_INTERNAL);
    zend_update_property_string(zend_ce_exception, Z_OBJ(exception), ZEND_STRL("message"), "internal error of kyso");
    zend_throw_exception_object(&exception);
}

static void throw_error(kyso_result *result)
{
    size_t length;
    zend_long code = kyso_error_code(result);
    const char *json = kyso_error_json(result, &length);
    if (json == NULL) {
        throw_internal(result);
        return;
    }
    zval record, exception;
    decode(&record, take_text(result, json, length));
    object_init_ex(&exception, exception_class);
    zend_object *object = Z_OBJ(exception);
    for (size_t i = 0; i < ERROR_MEMBER_COUNT; i++) {
        const char *name = i == 0 ? "code" : ERROR_MEMBERS[i].name;
        zval *member = zend_hash_str_find(Z_ARRVAL(record), name, strlen(name));
        if (member != NULL && (ERROR_MEMBERS[i].type & (1u << Z_TYPE_P(member)))) {
            ZVAL_COPY(OBJ_PROP(object, error_places[i]->offset), member);
        }
    }
    zend_update_property_long(zend_ce_exception, object, ZEND_STRL("code"), code);
    zval *message = zend_hash_str_find(Z_ARRVAL(record), ZEND_STRL("message"));
    if (message != NULL) {
        zend_update_property(zend_ce_exception, object, ZEND_STRL("message"), message);
    }
    ZVAL_COPY_VALUE(OBJ_PROP(object, error_places[ERROR_MEMBER_COUNT]->offset), &record);
    zend_throw_exception_object(&exception);
}

/* Inputs */

/* As many nodes as most inputs have. */
#define FIRST_NODES 32

/* An array as libkyso takes it. Names and texts stay where PHP has them. */
typedef struct {
    kyso_node *nodes;
    size_t count, room;
    /* Names of digits, which PHP keeps as integers. */
    zval digits;
    kyso_node first[FIRST_NODES];
} kyso_input;

static kyso_node *add_node(kyso_input *input, const char *name, size_t length, uint32_t kind)
{
    if (input->count == input->room) {
        size_t room = 2 * input->room;
        kyso_node *nodes = input->nodes == input->first ? NULL : input->nodes;
        nodes = safe_erealloc(nodes, room, sizeof(kyso_node), 0);
        if (input->nodes == input->first) {
            memcpy(nodes, input->first, sizeof input->first);
        }
        input->nodes = nodes;
        input->room = room;
    }
    kyso_node *node = &input->nodes[input->count++];
    memset(node, 0, sizeof *node);
    node->name = name;
    node->name_length = length;
    node->kind = kind;
    return node;
}

static bool is_listed(const char *const *names, const char *name, size_t length)
{
    for (; names != NULL && *names != NULL; names++) {
        if (strlen(*names) == length && memcmp(*names, name, length) == 0) {
            return true;
        }
    }
    return false;
}

static void add_members(kyso_input *input, HashTable *members, bool is_object, const char *const *objects, int depth);

static void add_array(kyso_input *input, const char *name, size_t length, HashTable *array, bool is_object, int depth)
{
    if (depth == MAX_DEPTH || GC_IS_RECURSIVE(array)) {
        add_node(input, name, length, KYSO_KIND_UNSUPPORTED);
        return;
    }
    add_node(input, name, length, is_object ? KYSO_KIND_OBJECT : KYSO_KIND_LIST)->count = zend_hash_num_elements(array);
    add_members(input, array, is_object, NULL, depth + 1);
}

/* Types are taken as they are: an int is an integer, never a text, and the other way round. */
static void add(kyso_input *input, const char *name, size_t length, zval *value, const char *const *objects, int depth)
{
    ZVAL_DEREF(value);
    switch (Z_TYPE_P(value)) {
        case IS_STRING: {
            kyso_node *node = add_node(input, name, length, KYSO_KIND_TEXT);
            node->text = Z_STRVAL_P(value);
            node->text_length = Z_STRLEN_P(value);
            break;
        }
        case IS_LONG:
            add_node(input, name, length, KYSO_KIND_INTEGER)->integer = Z_LVAL_P(value);
            break;
        case IS_TRUE:
        case IS_FALSE:
            add_node(input, name, length, KYSO_KIND_BOOL)->integer = Z_TYPE_P(value) == IS_TRUE;
            break;
        case IS_ARRAY: {
            HashTable *array = Z_ARRVAL_P(value);
            bool is_empty = zend_hash_num_elements(array) == 0;
            bool is_object = is_empty ? is_listed(objects, name, length) : !zend_array_is_list(array);
            add_array(input, name, length, array, is_object, depth);
            break;
        }
        case IS_NULL: /* Fields refuse it by name; free members of a message may hold it. */
            add_node(input, name, length, KYSO_KIND_NULL);
            break;
        default: /* float, object, resource */
            add_node(input, name, length, KYSO_KIND_UNSUPPORTED);
    }
}

/* PHP turns names of digits into integers. */
static zend_string *digits_of(kyso_input *input, zend_ulong index)
{
    zend_string *digits = zend_long_to_str((zend_long) index);
    if (Z_TYPE(input->digits) == IS_UNDEF) {
        array_init(&input->digits);
    }
    add_next_index_str(&input->digits, digits);
    return digits;
}

static void add_members(kyso_input *input, HashTable *members, bool is_object, const char *const *objects, int depth)
{
    zend_ulong index;
    zend_string *key;
    zval *value;
    GC_TRY_PROTECT_RECURSION(members);
    ZEND_HASH_FOREACH_KEY_VAL(members, index, key, value) {
        if (is_object && key == NULL) {
            key = digits_of(input, index);
        }
        add(input, is_object ? ZSTR_VAL(key) : NULL, is_object ? ZSTR_LEN(key) : 0, value, objects, depth);
    } ZEND_HASH_FOREACH_END();
    GC_TRY_UNPROTECT_RECURSION(members);
}

static void read_input(kyso_input *input, HashTable *members, const char *const *objects)
{
    input->nodes = input->first;
    input->count = 0;
    input->room = FIRST_NODES;
    ZVAL_UNDEF(&input->digits);
    add_node(input, NULL, 0, KYSO_KIND_OBJECT)->count = zend_hash_num_elements(members);
    add_members(input, members, true, objects, 1);
}

static void free_input(kyso_input *input)
{
    zval_ptr_dtor(&input->digits);
    if (input->nodes != input->first) {
        efree(input->nodes);
    }
}

/* Results */

/* A number as a gateway printed it, as json_decode takes it: an int where PHP has one. */
static void make_number(zval *value, const kyso_node *node)
{
    zend_long number = 0;
    size_t i = 0;
    for (; i < node->text_length && i < MAX_LENGTH_OF_LONG - 3 && node->text[i] >= '0' && node->text[i] <= '9'; i++) {
        number = 10 * number + (node->text[i] - '0');
    }
    if (i == node->text_length) {
        ZVAL_LONG(value, number);
    } else {
        decode(value, zend_string_init(node->text, node->text_length, 0));
    }
}

/* Makes PHP's value of a node and gives the node behind it. */
static const kyso_node *make(zval *value, const kyso_node *node)
{
    const kyso_node *next = node + 1;
    switch (node->kind) {
        case KYSO_KIND_BOOL:
            ZVAL_BOOL(value, node->integer);
            return next;
        case KYSO_KIND_INTEGER:
            if ((zend_long) node->integer == node->integer) {
                ZVAL_LONG(value, (zend_long) node->integer);
            } else { /* where PHP's int has 32 bits */
                ZVAL_DOUBLE(value, (double) node->integer);
            }
            return next;
        case KYSO_KIND_NUMBER:
            make_number(value, node);
            return next;
        case KYSO_KIND_TEXT:
            ZVAL_STRINGL(value, node->text, node->text_length);
            return next;
        case KYSO_KIND_LIST:
        case KYSO_KIND_OBJECT:
            break;
        default:
            ZVAL_NULL(value);
            return next;
    }
    array_init_size(value, (uint32_t) node->count);
    for (size_t i = 0; i < node->count; i++) {
        zval member;
        const kyso_node *inner = next;
        next = make(&member, inner);
        if (node->kind == KYSO_KIND_LIST) {
            zend_hash_next_index_insert_new(Z_ARRVAL_P(value), &member);
        } else {
            zend_symtable_str_update(Z_ARRVAL_P(value), inner->name, inner->name_length, &member);
        }
    }
    return next;
}

/* A result as PHP's own. It is freed, whatever happens. */
static void take_result(zval *value, kyso_result *result, const kyso_node *nodes)
{
    zend_try {
        make(value, nodes);
    } zend_catch {
        kyso_result_free(result);
        zend_bailout();
    } zend_end_try();
    kyso_result_free(result);
}

/* Calls */

static void kyso_run(INTERNAL_FUNCTION_PARAMETERS, const char *operation, const char *const *objects)
{
    HashTable *members = (HashTable *) &zend_empty_array;
    ZEND_PARSE_PARAMETERS_START(EX(func)->common.required_num_args, 1)
        Z_PARAM_OPTIONAL
        Z_PARAM_ARRAY_HT(members)
    ZEND_PARSE_PARAMETERS_END();
    kyso_shared *shared = holder_of(Z_OBJ_P(ZEND_THIS))->shared;
    if (shared == NULL) {
        zend_throw_error(NULL, "This object was not made by its client");
        RETURN_THROWS();
    }
    kyso_input input;
    read_input(&input, members, objects);
    kyso_result *result = kyso_call_nodes(shared->client, operation, strlen(operation), input.nodes, input.count);
    free_input(&input);
    if (!kyso_result_is_ok(result)) {
        throw_error(result);
        RETURN_THROWS();
    }
    const kyso_node *nodes = kyso_result_nodes(result, NULL);
    if (nodes == NULL) {
        throw_internal(result);
        RETURN_THROWS();
    }
    take_result(return_value, result, nodes);
}

static void kyso_construct(INTERNAL_FUNCTION_PARAMETERS, const kyso_gateway *gateway)
{
    HashTable *config = NULL;
    if (zend_parse_parameters(ZEND_NUM_ARGS(), gateway->has_client ? "h" : "", &config) == FAILURE) {
        RETURN_THROWS();
    }
    zend_object *self = Z_OBJ_P(ZEND_THIS);
    if (holder_of(self)->shared != NULL) {
        zend_throw_error(NULL, "A client is made once");
        RETURN_THROWS();
    }
    /* Held by the object before there is a client: whatever happens, the client is freed with it. */
    kyso_shared *shared = emalloc(sizeof(kyso_shared));
    shared->client = NULL;
    shared->holders = 0;
    hold(self, shared);
    if (gateway->has_client) {
        kyso_input input;
        read_input(&input, config, gateway->objects);
        kyso_result *result =
            kyso_client_new_nodes(gateway->name, strlen(gateway->name), input.nodes, input.count, &shared->client);
        free_input(&input);
        if (!kyso_result_is_ok(result)) {
            throw_error(result);
            RETURN_THROWS();
        }
        kyso_result_free(result);
    }
    for (uint32_t i = 0; i < gateway->service_count; i++) {
        const char *class_name = gateway->services[i].class_name;
        zend_string *name = zend_string_init(class_name, strlen(class_name), 0);
        zend_class_entry *class = zend_lookup_class(name);
        zend_string_release(name);
        object_init_ex(OBJ_PROP_NUM(self, i), class);
        hold(Z_OBJ_P(OBJ_PROP_NUM(self, i)), shared);
    }
}

/* Registration */

static zend_class_entry *register_class(const char *class_name, const zend_function_entry *methods)
{
    zend_class_entry entry;
    memset(&entry, 0, sizeof entry);
    INIT_CLASS_ENTRY_EX(entry, class_name, strlen(class_name), methods);
    zend_class_entry *class = zend_register_internal_class_ex(&entry, NULL);
    class->ce_flags |= ZEND_ACC_FINAL | ZEND_ACC_NO_DYNAMIC_PROPERTIES | ZEND_ACC_NOT_SERIALIZABLE;
    class->create_object = create_holder;
#if PHP_VERSION_ID >= 80300
    class->default_object_handlers = &holder_handlers;
#endif
    return class;
}

static zend_property_info *declare(zend_class_entry *class, const char *property, int visibility, zend_type type)
{
    zval none;
    ZVAL_UNDEF(&none);
    zend_string *name = zend_string_init_interned(property, strlen(property), 1);
    int flags = visibility | ZEND_ACC_READONLY;
    zend_property_info *info = zend_declare_typed_property(class, name, &none, flags, NULL, type);
    zend_string_release(name);
    return info;
}

/* Inputs hold tokens, passwords and personal data: no trace shows them. */
static void hide_arguments(zend_class_entry *class)
{
#if PHP_VERSION_ID >= 80200
    zend_function *function;
    ZEND_HASH_FOREACH_PTR(&class->function_table, function) {
        if (function->common.num_args > 0) {
            zend_add_parameter_attribute(function, 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
        }
    } ZEND_HASH_FOREACH_END();
#endif
}

static void register_gateway(const kyso_class *known)
{
    const kyso_gateway *gateway = known->gateway;
    zend_class_entry *class = register_class(gateway->class_name, known->methods);
    hide_arguments(class);
    for (uint32_t i = 0; i < gateway->service_count; i++) {
        const kyso_service *service = &gateway->services[i];
        hide_arguments(register_class(service->class_name, service->methods));
        zend_string *type = zend_string_init_interned(service->class_name, strlen(service->class_name), 1);
        declare(class, service->property, ZEND_ACC_PUBLIC, (zend_type) ZEND_TYPE_INIT_CLASS(type, 0, 0));
    }
}

static void register_exception(void)
{
    zend_class_entry entry;
    INIT_NS_CLASS_ENTRY(entry, "Kyso", "KysoException", exception_methods);
    exception_class = zend_register_internal_class_ex(&entry, zend_ce_exception);
    exception_class->create_object = create_exception;
    for (size_t i = 0; i < ERROR_MEMBER_COUNT; i++) {
        zend_type type = (zend_type) ZEND_TYPE_INIT_MASK(ERROR_MEMBERS[i].type | MAY_BE_NULL);
        error_places[i] = declare(exception_class, ERROR_MEMBERS[i].name, ZEND_ACC_PUBLIC, type);
    }
    zend_type array = (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY);
    error_places[ERROR_MEMBER_COUNT] = declare(exception_class, "record", ZEND_ACC_PRIVATE, array);
}

static PHP_MINIT_FUNCTION(kyso)
{
    memcpy(&holder_handlers, zend_get_std_object_handlers(), sizeof holder_handlers);
    holder_handlers.offset = XtOffsetOf(kyso_holder, object);
    holder_handlers.free_obj = free_holder;
    holder_handlers.clone_obj = NULL;
    register_exception();
    for (size_t i = 0; i < sizeof GATEWAYS / sizeof *GATEWAYS; i++) {
        register_gateway(&GATEWAYS[i]);
    }
    REGISTER_NS_STRING_CONSTANT("Kyso", "VERSION", (char *) kyso_version(), CONST_PERSISTENT);
    return SUCCESS;
}

static PHP_MINFO_FUNCTION(kyso)
{
    php_info_print_table_start();
    php_info_print_table_row(2, "kyso support", "enabled");
    php_info_print_table_row(2, "Extension version", KYSO_VERSION);
    php_info_print_table_row(2, "libkyso version", kyso_version());
    php_info_print_table_end();
}

static const zend_module_dep dependencies[] = {
    ZEND_MOD_REQUIRED("json")
    ZEND_MOD_END
};

zend_module_entry kyso_module_entry = {
    STANDARD_MODULE_HEADER_EX, NULL,
    dependencies,
    "kyso",
    NULL,
    PHP_MINIT(kyso),
    NULL,
    NULL,
    NULL,
    PHP_MINFO(kyso),
    KYSO_VERSION,
    STANDARD_MODULE_PROPERTIES
};

#ifdef COMPILE_DL_KYSO
# ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
# endif
ZEND_GET_MODULE(kyso)
#endif
