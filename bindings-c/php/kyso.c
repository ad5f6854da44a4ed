/*
 * PHP extension on libkyso. Gateways, services and methods come from the generated tables.
 *
 * PHP's memory limit ends a request with a long jump that skips what is under way. So nothing of libkyso that holds
 * secrets is alive while PHP allocates: parameters are filled without an allocation of PHP's, and a result is freed on
 * that jump too.
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

static void put_members(kyso_params *params, HashTable *members, const char *const *objects, int depth);

static bool is_listed(const char *const *names, const char *name, size_t length)
{
    for (; names != NULL && *names != NULL; names++) {
        if (strlen(*names) == length && memcmp(*names, name, length) == 0) {
            return true;
        }
    }
    return false;
}

static void put_array(kyso_params *params, const char *name, size_t length, HashTable *array, bool is_object, int depth)
{
    if (depth == MAX_DEPTH || GC_IS_RECURSIVE(array)) {
        kyso_params_set_unsupported(params, name, length);
        return;
    }
    if (is_object) {
        kyso_params_begin_object(params, name, length);
    } else {
        kyso_params_begin_list(params, name, length);
    }
    put_members(params, array, NULL, depth + 1);
    kyso_params_end(params);
}

/* Types are taken as they are: an int is an integer, never a text, and the other way round. */
static void put(kyso_params *params, const char *name, size_t length, zval *value, const char *const *objects, int depth)
{
    ZVAL_DEREF(value);
    switch (Z_TYPE_P(value)) {
        case IS_STRING:
            kyso_params_set_text(params, name, length, Z_STRVAL_P(value), Z_STRLEN_P(value));
            break;
        case IS_LONG:
            kyso_params_set_integer(params, name, length, Z_LVAL_P(value));
            break;
        case IS_TRUE:
        case IS_FALSE:
            kyso_params_set_bool(params, name, length, Z_TYPE_P(value) == IS_TRUE);
            break;
        case IS_ARRAY: {
            HashTable *array = Z_ARRVAL_P(value);
            bool is_empty = zend_hash_num_elements(array) == 0;
            bool is_object = is_empty ? is_listed(objects, name, length) : !zend_array_is_list(array);
            put_array(params, name, length, array, is_object, depth);
            break;
        }
        case IS_NULL: /* Fields refuse it by name; free members of a message may hold it. */
            kyso_params_set_json(params, name, length, "null", 4);
            break;
        default: /* float, object, resource */
            kyso_params_set_unsupported(params, name, length);
    }
}

static void put_members(kyso_params *params, HashTable *members, const char *const *objects, int depth)
{
    zend_ulong index;
    zend_string *key;
    zval *value;
    GC_TRY_PROTECT_RECURSION(members);
    ZEND_HASH_FOREACH_KEY_VAL(members, index, key, value) {
        char digits[MAX_LENGTH_OF_LONG + 1];
        if (key != NULL) {
            put(params, ZSTR_VAL(key), ZSTR_LEN(key), value, objects, depth);
        } else {
            /* PHP turns names of digits into integers. */
            int length = snprintf(digits, sizeof digits, ZEND_LONG_FMT, (zend_long) index);
            put(params, digits, (size_t) length, value, objects, depth);
        }
    } ZEND_HASH_FOREACH_END();
    GC_TRY_UNPROTECT_RECURSION(members);
}

static kyso_params *params_of(HashTable *members, const char *const *objects)
{
    kyso_params *params = kyso_params_new();
    put_members(params, members, objects, 1);
    return params;
}

/* Calls */

static void kyso_run(INTERNAL_FUNCTION_PARAMETERS, const char *operation, const char *const *objects)
{
    HashTable *input = NULL;
    const char *arguments = EX(func)->common.required_num_args > 0 ? "h" : "|h";
    if (zend_parse_parameters(ZEND_NUM_ARGS(), arguments, &input) == FAILURE) {
        RETURN_THROWS();
    }
    kyso_shared *shared = holder_of(Z_OBJ_P(ZEND_THIS))->shared;
    if (shared == NULL) {
        zend_throw_error(NULL, "This object was not made by its client");
        RETURN_THROWS();
    }
    kyso_params *params = params_of(input != NULL ? input : (HashTable *) &zend_empty_array, objects);
    kyso_result *result = kyso_call_params(shared->client, operation, strlen(operation), params);
    kyso_params_free(params);
    if (!kyso_result_is_ok(result)) {
        throw_error(result);
        RETURN_THROWS();
    }
    size_t length;
    const char *json = kyso_result_json(result, NULL, 0, &length);
    if (json == NULL) {
        throw_internal(result);
        RETURN_THROWS();
    }
    decode(return_value, take_text(result, json, length));
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
        kyso_params *params = params_of(config, gateway->objects);
        kyso_result *result = kyso_client_new_params(gateway->name, strlen(gateway->name), params, &shared->client);
        kyso_params_free(params);
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
