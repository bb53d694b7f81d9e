"""What a marketer reads in Spanish: by family and feature, with a value and without one."""

_NO_EVENTS = "No constan compras ni bajas"
_NO_EVENTS_IN_CATEGORY = "No constan compras ni bajas de {category}"
_NO_ACQUISITION = "Sin compras en los últimos {days} días"
_NEVER_BOUGHT = "Todavía no ha comprado nada"
_NO_RHYTHM = "Sin compras suficientes para conocer su ritmo"
_NO_RHYTHM_IN_CATEGORY = "Sin compras suficientes de {category} para conocer su ritmo"
_NOT_HELD = "No tiene {category}"
_NOTHING_HELD = "No tiene ningún producto"
_NO_TOUCH = "No consta ningún contacto"
_NO_RECENT_TOUCH = "Sin contactos en los últimos {days} días"
_NO_SESSION = "No consta actividad en la web ni en la aplicación"
_NO_RECENT_SESSION = "Sin actividad en la web ni en la aplicación en los últimos {days} días"
_NO_INTEREST = "No consta que haya mirado {category} en la web ni en la aplicación"
_NO_SURVEY = "Nunca se le ha enviado una encuesta"
_NO_ANSWER = "Nunca ha contestado a una encuesta"
_NO_MESSAGE = "Nunca ha recibido un mensaje"
_NO_CATEGORY_MESSAGE = "Nunca ha recibido un mensaje sobre {category}"
_NO_RULE = "No tiene nada que suela ir con {category}"
_NOT_SOLD = "Nadie ha comprado {category}"

SENTENCES = {
    "affinity": {
        "best_confidence": (
            "El {value} de quienes tienen algo en común con este cliente tiene también {category}",
            _NO_RULE,
        ),
        "best_lift": (
            "Tiene algo que combina con {category} ({value} veces lo habitual)",
            _NO_RULE,
        ),
        "best_support": (
            "Tiene algo que el {value} de los clientes combina con {category}",
            _NO_RULE,
        ),
        "mean_confidence": (
            "Quienes tienen lo mismo suelen tener {category} ({value})",
            _NO_RULE,
        ),
        "mean_lift": (
            "Lo que tiene combina con {category} ({value} veces lo habitual)",
            _NO_RULE,
        ),
        "popularity": ("El {value} de los clientes tiene {category}", "Nadie tiene {category}"),
        "acquirers__{days}d": (
            "El {value} de los clientes ha comprado {category} en los últimos {days} días",
            _NOT_SOLD,
        ),
        "acquirers__season": (
            "Ventas de {category} por cliente en estas fechas hace un año: {value}",
            _NOT_SOLD,
        ),
        "trend": (
            "{category} se vende a {value} veces el ritmo habitual",
            "Nadie ha comprado {category} en los últimos 90 días",
        ),
        "price_ratio": (
            "{category} cuesta {value} veces lo que suele pagar",
            "No consta el precio de {category} o lo que suele pagar",
        ),
        "newest_days": (
            "Hay novedades en {category} desde hace {value} [día|días]",
            "No consta cuándo se lanzó {category}",
        ),
        "best_conviction": (
            "Tiene algo que casi nadie tiene sin {category} (convicción {value})",
            _NO_RULE,
        ),
        "best_rule": (
            "Tiene {value}, que combina con {category}",
            _NO_RULE,
        ),
        "factor_score": (
            "Quienes tienen cosas parecidas tienen también {category}: {value} puntos",
            "No tiene nada, o nadie tiene {category}",
        ),
        "evidence": (
            "Indicio a favor de {category} por lo que tiene: {value} (0 es neutro)",
            _NO_RULE,
        ),
        "mean_uptake": (
            "Quienes tienen lo mismo han empezado hace poco con {category} ({value})",
            _NO_RULE,
        ),
        "related_acquisitions__{days}d": (
            "Ha comprado cosas que van con {category} en los últimos {days} días: {value} puntos",
            _NO_RULE,
        ),
        "expected_acquisitions__{days}d": (
            "Habría comprado {category} {value} veces en los últimos {days} días si comprase como todos",
            "No consta ninguna compra",
        ),
        "peer_popularity": (
            "El {value} de los clientes parecidos tiene {category}",
            "Nadie tiene {category}",
        ),
        "peer_acquirers__{days}d": (
            "El {value} de los clientes parecidos ha comprado {category} en los últimos {days} días",
            _NOT_SOLD,
        ),
        "peer_trend": (
            "{category} se vende entre clientes parecidos a {value} veces el ritmo habitual",
            "Ningún cliente parecido ha comprado {category} en los últimos 90 días",
        ),
        "region_acquirers__{days}d": (
            "El {value} de los clientes de su región ha comprado {category} en los últimos {days} días",
            "Nadie ha comprado {category} o no consta la región",
        ),
        "upgrades__{days}d": (
            "Subidas de nivel en {category} por cliente en los últimos {days} días: {value}",
            "Nadie tiene {category}",
        ),
        "step_price": (
            "El siguiente nivel de {category} cuesta {value} más",
            "No tiene {category}, o no hay un nivel superior con precio",
        ),
        "step_ratio": (
            "Subir de nivel en {category} cuesta {value} veces lo que suele pagar",
            "No consta lo que cuesta subir de nivel en {category} o lo que suele pagar",
        ),
        "step_to_others": (
            "Subir de nivel en {category} cuesta {value} veces lo que costó a los demás",
            "No consta lo que cuesta subir de nivel en {category}",
        ),
    },
    "channel_interactions": {
        "visits__{days}d": (
            "Ha venido [una vez|{value} veces] en los últimos {days} días",
            _NO_TOUCH,
        ),
        "days_between_visits": (
            "Viene cada [día|{value} días]",
            "Sin visitas suficientes para conocer su ritmo",
        ),
        "visit_trend": (
            "Su ritmo de visitas es {value} veces el habitual",
            "Sin visitas en los últimos 90 días",
        ),
        "days_since_service": (
            "Necesitó atención por última vez hace {value} [día|días]",
            "Nunca ha necesitado atención",
        ),
        "incidents__{days}d": (
            (
                "Ha tenido {value} [incidencia o queja|incidencias o quejas] "
                "en los últimos {days} días"
            ),
            _NO_TOUCH,
        ),
        "open_incident_days": (
            "Espera desde hace {value} [día|días] a que se resuelva una incidencia",
            "No tiene incidencias sin resolver",
        ),
        "resolution_days__{days}d": (
            "Sus incidencias han tardado {value} [día|días] en resolverse",
            "Ninguna incidencia resuelta en los últimos {days} días",
        ),
        "days_since_visit": ("Última visita hace {value} [día|días]", "Nunca ha venido"),
        "days_since_incident": (
            "Última incidencia hace {value} [día|días]",
            "Nunca ha tenido una incidencia",
        ),
        "store_share__{days}d": ("El {value} de sus contactos es en tienda", _NO_RECENT_TOUCH),
        "digital_share__{days}d": (
            "El {value} de sus contactos es en la web o la aplicación",
            _NO_RECENT_TOUCH,
        ),
        "channel_shift__{days}d": (
            "El {value} de sus contactos ha cambiado de canal",
            _NO_RECENT_TOUCH,
        ),
        "morning_share__{days}d": (
            "El {value} de sus contactos es por la mañana",
            _NO_RECENT_TOUCH,
        ),
        "evening_share__{days}d": (
            "El {value} de sus contactos es a última hora de la tarde",
            _NO_RECENT_TOUCH,
        ),
        "weekend_share__{days}d": (
            "El {value} de sus contactos es en fin de semana",
            _NO_RECENT_TOUCH,
        ),
        "preferred_channel": ("Canal preferido: {value}", "Sin contactos en el último año"),
    },
    "digital_behaviour": {
        "views__{days}d": (
            "Ha mirado {value} [producto|productos] en los últimos {days} días",
            _NO_SESSION,
        ),
        "sessions__season": (
            "Entró en la web o la aplicación [una vez|{value} veces] en estas fechas hace un año",
            _NO_SESSION,
        ),
        "active_days__{days}d": (
            "Ha entrado en la web o la aplicación {value} [día|días] de los últimos {days} días",
            _NO_SESSION,
        ),
        "bounce_share__{days}d": (
            "El {value} de los días en la web o la aplicación se va tras un clic",
            _NO_RECENT_SESSION,
        ),
        "views_per_session__{days}d": (
            "Mira {value} productos por visita a la web o la aplicación",
            _NO_RECENT_SESSION,
        ),
        "interest": ("Se ha movido últimamente por la web o la aplicación", _NO_SESSION),
        "view_trend": (
            "Mira productos a {value} veces su ritmo habitual",
            "No ha mirado productos en los últimos 90 días",
        ),
        "days_since_session": (
            "Última vez en la web o la aplicación hace {value} [día|días]",
            "Nunca ha usado la web ni la aplicación",
        ),
        "top_category_share__{days}d": (
            "El {value} de lo que ha mirado es de una misma categoría",
            "No ha mirado productos en los últimos {days} días",
        ),
        "last_category": (
            "Lo último que ha mirado: {value}",
            "No ha mirado productos en los últimos 90 días",
        ),
        "app_share__{days}d": (
            "El {value} de su actividad digital es en la aplicación",
            _NO_RECENT_SESSION,
        ),
        "duration__{days}d": (
            "Pasa {value} [segundo|segundos] de media en la web o la aplicación",
            "No consta cuánto tiempo pasa en la web o la aplicación",
        ),
        "category_views__{days}d": (
            "Ha mirado {category} [una vez|{value} veces] en los últimos {days} días",
            _NO_INTEREST,
        ),
        "category_view_share__{days}d": (
            "{category} es el {value} de lo que ha mirado",
            "No ha mirado productos en los últimos {days} días",
        ),
        "days_since_category_view": (
            "Miró {category} por última vez hace {value} [día|días]",
            "Nunca ha mirado {category}",
        ),
        "category_interest": ("Ha mostrado interés por {category}", _NO_INTEREST),
        "category_interest_share": (
            "{category} es el {value} del interés mostrado en la web o la aplicación",
            _NO_INTEREST,
        ),
        "category_views__season": (
            "Miró {category} [una vez|{value} veces] en estas fechas hace un año",
            _NO_INTEREST,
        ),
        "days_since_category_cart": (
            "Añadió {category} al carrito por última vez hace {value} [día|días]",
            "Nunca ha añadido {category} al carrito",
        ),
        "category_views_since": (
            "Ha mirado {value} [categoría|categorías] más desde {category}",
            "Nunca ha mirado {category}",
        ),
        "category_top_brand_share__{days}d": (
            "El {value} de lo que ha mirado de {category} es de una sola marca",
            "No ha mirado marcas de {category} en los últimos {days} días",
        ),
        "brand_views_elsewhere__{days}d": (
            "Ha mirado marcas de {category} en otras categorías [una vez|{value} veces] en los últimos {days} días",
            "No ha mirado marcas de {category} en otras categorías",
        ),
        "category_tier_viewed": (
            "Ha mirado el nivel {value} de {category}",
            "No ha mirado {category} en los últimos 90 días",
        ),
        "category_mean_tier_viewed": (
            "Mira de media el nivel {value} de {category}",
            "Nunca ha mirado {category}",
        ),
        "category_view_rate": ("Mira {category} {value} [vez|veces] al año", _NO_INTEREST),
    },
    "email_responses": {
        "sent__{days}d": (
            "Ha recibido {value} [mensaje|mensajes] en los últimos {days} días",
            _NO_MESSAGE,
        ),
        "emails__{days}d": (
            "Ha recibido {value} [correo|correos] en los últimos {days} días",
            _NO_MESSAGE,
        ),
        "sent_trend": (
            "Recibe {value} veces los mensajes habituales",
            "Sin mensajes en los últimos 90 días",
        ),
        "opened_share": ("Abre el {value} de los correos", _NO_MESSAGE),
        "clicked_share": ("Hace clic en el {value} de los mensajes", _NO_MESSAGE),
        "responded_share": ("Responde al {value} de los mensajes", _NO_MESSAGE),
        "text_clicked_share": ("Hace clic en el {value} de los SMS", "Nunca ha recibido un SMS"),
        "letter_responded_share": (
            "Responde al {value} de las cartas",
            "Nunca ha recibido una carta",
        ),
        "call_responded_share": (
            "Responde al {value} de las llamadas comerciales",
            "Nunca ha recibido una llamada comercial",
        ),
        "delivered_share": ("Le llega el {value} de los mensajes", _NO_MESSAGE),
        "opened_change__{days}d": (
            "Cambio reciente en los correos que abre: {value} puntos",
            "Sin correos en los últimos {days} días",
        ),
        "ignored_in_a_row": (
            "No ha hecho caso [al último mensaje|a los últimos {value} mensajes]",
            _NO_MESSAGE,
        ),
        "days_since_sent": ("Último mensaje hace {value} [día|días]", _NO_MESSAGE),
        "days_since_click": (
            "El último mensaje en el que hizo clic es de hace {value} [día|días]",
            "Nunca ha hecho clic en un mensaje",
        ),
        "days_since_response": (
            "El último mensaje al que respondió es de hace {value} [día|días]",
            "Nunca ha respondido a un mensaje",
        ),
        "category_sent__{days}d": (
            "Ha recibido {value} [mensaje|mensajes] sobre {category} en los últimos {days} días",
            _NO_CATEGORY_MESSAGE,
        ),
        "category_clicked_share": (
            "Hace clic en el {value} de los mensajes sobre {category}",
            _NO_CATEGORY_MESSAGE,
        ),
        "category_responded_share": (
            "Responde al {value} de los mensajes sobre {category}",
            _NO_CATEGORY_MESSAGE,
        ),
        "days_since_category_click": (
            "El último mensaje sobre {category} en el que hizo clic es de hace {value} [día|días]",
            "Nunca ha hecho clic en un mensaje sobre {category}",
        ),
        "days_since_category_sent": (
            "Último mensaje sobre {category} hace {value} [día|días]",
            _NO_CATEGORY_MESSAGE,
        ),
    },
    "product_history": {
        "acquisitions__{days}d": (
            "Ha comprado {value} [producto|productos] en los últimos {days} días",
            _NO_EVENTS,
        ),
        "spend__{days}d": ("Ha gastado {value} en los últimos {days} días", _NO_EVENTS),
        "acquisition_trend": (
            "Compra a {value} veces su ritmo habitual",
            "Sin compras en los últimos 90 días",
        ),
        "cancellations__{days}d": (
            "Ha dado de baja {value} [producto|productos] en los últimos {days} días",
            _NO_EVENTS,
        ),
        "returned_share__{days}d": (
            "Ha devuelto el {value} de lo comprado en los últimos {days} días",
            _NO_ACQUISITION,
        ),
        "discount_share__{days}d": (
            "Los descuentos son el {value} del valor de sus compras",
            "Sin gasto en los últimos {days} días",
        ),
        "days_since_acquisition": ("Última compra hace {value} [día|días]", _NEVER_BOUGHT),
        "days_since_cancellation": (
            "Última baja hace {value} [día|días]",
            "Nunca ha dado de baja un producto",
        ),
        "days_between_acquisitions": ("Compra cada [día|{value} días]", _NO_RHYTHM),
        "order_value__{days}d": ("Suele pagar {value} por compra", _NO_ACQUISITION),
        "categories__{days}d": (
            "Ha comprado en {value} [categoría|categorías] en los últimos {days} días",
            _NO_EVENTS,
        ),
        "mean_tier__{days}d": ("Suele comprar el nivel {value}", _NO_ACQUISITION),
        "held_categories": (
            "Tiene productos de {value} [categoría|categorías]",
            _NOTHING_HELD,
        ),
        "held_products": ("Tiene {value} [producto|productos]", _NOTHING_HELD),
        "days_since_category_acquisition": (
            "Compró {category} por última vez hace {value} [día|días]",
            "Nunca ha comprado {category}",
        ),
        "days_since_category_cancellation": (
            "Dejó {category} hace {value} [día|días]",
            "Nunca ha dejado {category}",
        ),
        "category_acquisitions": (
            "Ha comprado {category} [una vez|{value} veces] hasta ahora",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "days_between_category_acquisitions": (
            "Compra {category} cada [día|{value} días]",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_overdue": (
            "Desde su última compra de {category} ha pasado {value} veces el plazo habitual",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_share": (
            "{category} es el {value} de lo que compra",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_acquisitions__season": (
            "Compró {category} [una vez|{value} veces] en estas fechas hace un año",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_highest_tier": (
            "Ha llegado a tener el nivel {value} de {category}",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_held_tier": ("Tiene el nivel {value} de {category}", _NOT_HELD),
        "category_steps_to_top": (
            "Aún puede subir {value} [nivel|niveles] en {category}",
            _NOT_HELD,
        ),
        "category_held_days": ("Tiene {category} desde hace {value} [día|días]", _NOT_HELD),
        "category_acquisitions__{days}d": (
            "Ha comprado {category} [una vez|{value} veces] en los últimos {days} días",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_spend__{days}d": (
            "Ha gastado {value} en {category} en los últimos {days} días",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "held_products__{days}d_ago": (
            "Hace {days} días tenía {value} [producto|productos]",
            _NO_EVENTS,
        ),
        "days_since_first_acquisition": (
            "Compró por primera vez hace {value} [día|días]",
            _NEVER_BOUGHT,
        ),
        "days_since_second_last_acquisition": (
            "Penúltima compra hace {value} [día|días]",
            _NO_RHYTHM,
        ),
        "days_since_second_last_cancellation": (
            "Penúltima baja hace {value} [día|días]",
            "No se ha dado de baja dos veces",
        ),
        "acquisition_overdue": (
            "Desde su última compra ha pasado {value} veces el plazo habitual",
            _NO_RHYTHM,
        ),
        "gap_variation": (
            "Irregularidad de los días entre compras: {value} (0 es regular)",
            _NO_RHYTHM,
        ),
        "acquisition_intensity": (
            "Ha comprado mucho hace poco: {value} compras, las recientes cuentan más",
            _NO_EVENTS,
        ),
        "acquisition_days__{days}d": (
            "Ha comprado en {value} [día|días] de los últimos {days} días",
            _NO_EVENTS,
        ),
        "spend_to_mean__{days}d": (
            "Ha gastado {value} veces lo que gasta un cliente medio en los últimos {days} días",
            _NO_EVENTS,
        ),
        "spend_to_own_past__{days}d": (
            "Ha gastado {value} veces lo habitual en los últimos {days} días",
            "Sin gasto en el último año",
        ),
        "discounted_share__{days}d": (
            "El {value} de sus compras lleva descuento",
            _NO_ACQUISITION,
        ),
        "brand_repeat_share": (
            "Repite marca en el {value} de sus compras",
            _NO_RHYTHM,
        ),
        "upgrades": (
            "Ha subido de nivel [una vez|{value} veces]",
            _NO_EVENTS,
        ),
        "downgrades": (
            "Ha bajado de nivel [una vez|{value} veces]",
            _NO_EVENTS,
        ),
        "tier_place__{days}d": (
            "Suele comprar al {value} del camino hasta el nivel más alto",
            "Sin compras con niveles en los últimos {days} días",
        ),
        "new_categories__{days}d": (
            "Ha comprado por primera vez en {value} [categoría|categorías] en los últimos {days} días",
            _NO_EVENTS,
        ),
        "top_category__{days}d": (
            "Lo que más compra es {value}",
            _NO_ACQUISITION,
        ),
        "top_category_share__{days}d": (
            "Hace el {value} de sus compras en una sola categoría",
            _NO_ACQUISITION,
        ),
        "days_since_second_last_category_acquisition": (
            "Penúltima compra de {category} hace {value} [día|días]",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_gap_variation": (
            "Irregularidad de los días entre compras de {category}: {value} (0 es regular)",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_overdue_typical": (
            "Desde su última compra de {category} ha pasado {value} veces el plazo de la mayoría",
            "Nunca ha comprado {category}, o nadie lo ha comprado dos veces",
        ),
        "days_since_category_ran_out": (
            "{category} se le acabó hace {value} [día|días]",
            "No se le ha acabado {category}",
        ),
        "days_until_category_runs_out": (
            "{category} se le acaba en {value} [día|días]",
            "No se le va a acabar {category}",
        ),
        "category_intensity": (
            "Ha comprado mucho {category} hace poco: {value} compras, las recientes cuentan más",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_trend": (
            "Compra {category} a {value} veces su ritmo habitual",
            "Sin compras de {category} en los últimos 90 días",
        ),
        "category_brand_repeat_share": (
            "Repite marca de {category} en el {value} de las compras",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_day_share__{days}d": (
            "{category} está en el {value} de sus compras",
            _NO_ACQUISITION,
        ),
        "category_spend_share__{days}d": (
            "Dedica el {value} de su gasto a {category}",
            "Sin gasto en los últimos {days} días",
        ),
        "category_price_level__{days}d": (
            "Paga por {category} {value} veces lo que paga un cliente medio",
            "Sin compras de {category} en los últimos {days} días",
        ),
    },
    "socio_demographics": {
        "age": ("Tiene {value} [año|años]", "Edad desconocida"),
        "tenure": ("Es cliente desde hace {value} [día|días]", "Antigüedad desconocida"),
        "household_size": (
            "En su hogar [vive una persona|viven {value} personas]",
            "Tamaño del hogar desconocido",
        ),
        "household_customers": (
            "En su hogar hay {value} [cliente|clientes]",
            "Hogar desconocido",
        ),
        "customer_type": ("Tipo de cliente: {value}", "Tipo de cliente desconocido"),
        "gender": ("Género: {value}", "Género desconocido"),
        "region": ("Vive en {value}", "Región desconocida"),
        "income_band": ("Tramo de ingresos: {value}", "Ingresos desconocidos"),
        "language": ("Idioma: {value}", "Idioma desconocido"),
        "profile_completeness": ("Ha rellenado el {value} de su perfil", "Perfil desconocido"),
        "income_level": (
            "Su tramo de ingresos es el número {value} desde abajo",
            "Ingresos desconocidos",
        ),
        "region_acquirers__{days}d": (
            "El {value} de los clientes de su región ha comprado en los últimos {days} días",
            "Región desconocida",
        ),
        "income_acquirers__{days}d": (
            "El {value} de los clientes con sus ingresos ha comprado en los últimos {days} días",
            "Ingresos desconocidos",
        ),
    },
    "surveys": {
        "last_score": ("Su última valoración fue de {value} sobre 10", _NO_ANSWER),
        "mean_score": ("Su valoración media es de {value} sobre 10", _NO_ANSWER),
        "last_step": (
            "Diferencia entre su última valoración y la anterior: {value} puntos sobre 10",
            "No ha contestado dos veces a la misma encuesta",
        ),
        "answered_share": ("Contesta al {value} de las encuestas", _NO_SURVEY),
        "last_delay": ("Tardó {value} [día|días] en contestar a la última encuesta", _NO_ANSWER),
        "days_since_asked": ("Última encuesta enviada hace {value} [día|días]", _NO_SURVEY),
        "days_since_answer": (
            "Contestó a su última encuesta hace {value} [día|días]",
            _NO_ANSWER,
        ),
        "days_since_bad_answer": (
            "Dio una mala valoración hace {value} [día|días]",
            "Nunca ha dado una mala valoración",
        ),
    },
}
