"""What a marketer reads in Portuguese: by family and feature, with a value and without one."""

_NO_EVENTS = "Não há registo de compras nem de cancelamentos"
_NO_EVENTS_IN_CATEGORY = "Não há registo de compras nem de cancelamentos de {category}"
_NO_ACQUISITION = "Sem compras nos últimos {days} dias"
_NEVER_BOUGHT = "Ainda não comprou nada"
_NO_RHYTHM = "Sem compras suficientes para conhecer o seu ritmo"
_NO_RHYTHM_IN_CATEGORY = "Sem compras suficientes de {category} para conhecer o seu ritmo"
_NOT_HELD = "Não tem {category}"
_NOTHING_HELD = "Não tem nenhum produto"
_NO_TOUCH = "Não há registo de contactos"
_NO_RECENT_TOUCH = "Sem contactos nos últimos {days} dias"
_NO_SESSION = "Não há registo de atividade no site nem na aplicação"
_NO_RECENT_SESSION = "Sem atividade no site nem na aplicação nos últimos {days} dias"
_NO_INTEREST = "Não há registo de ter visto {category} no site nem na aplicação"
_NO_SURVEY = "Nunca lhe foi enviado um inquérito"
_NO_ANSWER = "Nunca respondeu a um inquérito"
_NO_MESSAGE = "Nunca recebeu uma mensagem"
_NO_CATEGORY_MESSAGE = "Nunca recebeu uma mensagem sobre {category}"
_NO_RULE = "Não tem nada que costume acompanhar {category}"
_NOT_SOLD = "Ninguém comprou {category}"

SENTENCES = {
    "affinity": {
        "best_confidence": (
            "Dos clientes com algo em comum com este, {value} também têm {category}",
            _NO_RULE,
        ),
        "best_lift": (
            "Tem algo que combina com {category} ({value} vezes o habitual)",
            _NO_RULE,
        ),
        "best_support": ("Tem algo que {value} dos clientes combinam com {category}", _NO_RULE),
        "mean_confidence": (
            "Quem tem o mesmo costuma ter {category} ({value})",
            _NO_RULE,
        ),
        "mean_lift": (
            "O que tem combina com {category} ({value} vezes o habitual)",
            _NO_RULE,
        ),
        "popularity": ("{value} dos clientes têm {category}", "Ninguém tem {category}"),
        "acquirers__{days}d": (
            "{value} dos clientes compraram {category} nos últimos {days} dias",
            _NOT_SOLD,
        ),
        "acquirers__season": (
            "Vendas de {category} por cliente nesta altura há um ano: {value}",
            _NOT_SOLD,
        ),
        "trend": (
            "{category} vende-se a {value} vezes o ritmo habitual",
            "Ninguém comprou {category} nos últimos 90 dias",
        ),
        "price_ratio": (
            "{category} custa {value} vezes o que costuma pagar",
            "Não se conhece o preço de {category} ou o que costuma pagar",
        ),
        "newest_days": (
            "Há novidades em {category} desde há {value} [dia|dias]",
            "Data de lançamento de {category} desconhecida",
        ),
        "best_conviction": (
            "Tem algo que quase ninguém tem sem {category} (convicção {value})",
            _NO_RULE,
        ),
        "best_rule": (
            "Tem {value}, que combina com {category}",
            _NO_RULE,
        ),
        "factor_score": (
            "Quem tem coisas parecidas tem também {category}: {value} pontos",
            "Não tem nada, ou ninguém tem {category}",
        ),
        "evidence": (
            "Indício a favor de {category} pelo que tem: {value} (0 é neutro)",
            _NO_RULE,
        ),
        "mean_uptake": (
            "Quem tem o mesmo começou há pouco com {category} ({value})",
            _NO_RULE,
        ),
        "related_acquisitions__{days}d": (
            "Comprou coisas que vão com {category} nos últimos {days} dias: {value} pontos",
            _NO_RULE,
        ),
        "expected_acquisitions__{days}d": (
            "Teria comprado {category} {value} vezes nos últimos {days} dias se comprasse como todos",
            "Não há registo de compras",
        ),
        "peer_popularity": (
            "Dos clientes parecidos, {value} têm {category}",
            "Ninguém tem {category}",
        ),
        "peer_acquirers__{days}d": (
            "Dos clientes parecidos, {value} compraram {category} nos últimos {days} dias",
            _NOT_SOLD,
        ),
        "peer_trend": (
            "{category} vende-se entre clientes parecidos a {value} vezes o ritmo habitual",
            "Nenhum cliente parecido comprou {category} nos últimos 90 dias",
        ),
        "region_acquirers__{days}d": (
            "Dos clientes da sua região, {value} compraram {category} nos últimos {days} dias",
            "Ninguém comprou {category} ou a região é desconhecida",
        ),
        "upgrades__{days}d": (
            "Subidas de nível em {category} por cliente nos últimos {days} dias: {value}",
            "Ninguém tem {category}",
        ),
        "step_price": (
            "O nível seguinte de {category} custa mais {value}",
            "Não tem {category}, ou não há um nível superior com preço",
        ),
        "step_ratio": (
            "Subir de nível em {category} custa {value} vezes o que costuma pagar",
            "Não se conhece o custo de subir de nível em {category} ou o que costuma pagar",
        ),
        "step_to_others": (
            "Subir de nível em {category} custa {value} vezes o que custou aos outros",
            "Não se conhece o custo de subir de nível em {category}",
        ),
    },
    "channel_interactions": {
        "visits__{days}d": (
            "Fez {value} [visita|visitas] nos últimos {days} dias",
            _NO_TOUCH,
        ),
        "days_between_visits": (
            "Vem a cada [dia|{value} dias]",
            "Sem visitas suficientes para conhecer o seu ritmo",
        ),
        "visit_trend": (
            "O ritmo das suas visitas é {value} vezes o habitual",
            "Sem visitas nos últimos 90 dias",
        ),
        "days_since_service": (
            "Precisou de apoio pela última vez há {value} [dia|dias]",
            "Nunca precisou de apoio",
        ),
        "incidents__{days}d": (
            (
                "Teve {value} [incidente ou reclamação|incidentes ou reclamações] "
                "nos últimos {days} dias"
            ),
            _NO_TOUCH,
        ),
        "open_incident_days": (
            "Espera há {value} [dia|dias] pela resolução de um incidente",
            "Não tem incidentes por resolver",
        ),
        "resolution_days__{days}d": (
            "Os seus incidentes demoraram {value} [dia|dias] a resolver",
            "Nenhum incidente resolvido nos últimos {days} dias",
        ),
        "days_since_visit": ("Última visita há {value} [dia|dias]", "Nunca fez uma visita"),
        "days_since_incident": (
            "Último incidente há {value} [dia|dias]",
            "Nunca teve um incidente",
        ),
        "store_share__{days}d": ("{value} dos seus contactos são na loja", _NO_RECENT_TOUCH),
        "digital_share__{days}d": (
            "Dos seus contactos, {value} são no site ou na aplicação",
            _NO_RECENT_TOUCH,
        ),
        "channel_shift__{days}d": (
            "Dos seus contactos, {value} mudaram de canal",
            _NO_RECENT_TOUCH,
        ),
        "morning_share__{days}d": ("Dos seus contactos, {value} são de manhã", _NO_RECENT_TOUCH),
        "evening_share__{days}d": (
            "{value} dos seus contactos são ao fim do dia",
            _NO_RECENT_TOUCH,
        ),
        "weekend_share__{days}d": (
            "{value} dos seus contactos são ao fim de semana",
            _NO_RECENT_TOUCH,
        ),
        "preferred_channel": ("Prefere o canal {value}", "Sem contactos no último ano"),
    },
    "digital_behaviour": {
        "views__{days}d": (
            "Viu {value} [produto|produtos] nos últimos {days} dias",
            _NO_SESSION,
        ),
        "sessions__season": (
            "Entrou no site ou na aplicação [uma vez|{value} vezes] nesta época há um ano",
            _NO_SESSION,
        ),
        "active_days__{days}d": (
            "Entrou no site ou na aplicação em {value} [dia|dias] dos últimos {days} dias",
            _NO_SESSION,
        ),
        "bounce_share__{days}d": (
            "Sai após um clique em {value} dos dias no site ou na aplicação",
            _NO_RECENT_SESSION,
        ),
        "views_per_session__{days}d": (
            "Vê {value} produtos por visita ao site ou à aplicação",
            _NO_RECENT_SESSION,
        ),
        "interest": ("Tem andado ultimamente pelo site ou pela aplicação", _NO_SESSION),
        "view_trend": (
            "Vê produtos a {value} vezes o seu ritmo habitual",
            "Não viu produtos nos últimos 90 dias",
        ),
        "days_since_session": (
            "Última vez no site ou na aplicação há {value} [dia|dias]",
            "Nunca usou o site nem a aplicação",
        ),
        "top_category_share__{days}d": (
            "Do que viu, {value} é de uma só categoria",
            "Não viu produtos nos últimos {days} dias",
        ),
        "last_category": ("O último que viu: {value}", "Não viu produtos nos últimos 90 dias"),
        "app_share__{days}d": (
            "{value} da sua atividade digital é na aplicação",
            _NO_RECENT_SESSION,
        ),
        "duration__{days}d": (
            "Passa em média {value} [segundo|segundos] no site ou na aplicação",
            "Não se sabe quanto tempo passa no site ou na aplicação",
        ),
        "category_views__{days}d": (
            "Viu {category} [uma vez|{value} vezes] nos últimos {days} dias",
            _NO_INTEREST,
        ),
        "category_view_share__{days}d": (
            "{category} representa {value} do que viu",
            "Não viu produtos nos últimos {days} dias",
        ),
        "days_since_category_view": (
            "Viu {category} pela última vez há {value} [dia|dias]",
            "Nunca viu {category}",
        ),
        "category_interest": ("Mostrou interesse em {category}", _NO_INTEREST),
        "category_interest_share": (
            "{category} é {value} do interesse mostrado no site ou na aplicação",
            _NO_INTEREST,
        ),
        "category_views__season": (
            "Viu {category} [uma vez|{value} vezes] nesta época há um ano",
            _NO_INTEREST,
        ),
        "days_since_category_cart": (
            "Pôs {category} no carrinho pela última vez há {value} [dia|dias]",
            "Nunca pôs {category} no carrinho",
        ),
        "category_views_since": (
            "Viu mais {value} [categoria|categorias] desde {category}",
            "Nunca viu {category}",
        ),
        "category_top_brand_share__{days}d": (
            "Do que viu de {category}, {value} é de uma só marca",
            "Não viu marcas de {category} nos últimos {days} dias",
        ),
        "brand_views_elsewhere__{days}d": (
            "Viu marcas de {category} noutras categorias [uma vez|{value} vezes] nos últimos {days} dias",
            "Não viu marcas de {category} noutras categorias",
        ),
        "category_tier_viewed": (
            "Viu o nível {value} de {category}",
            "Não viu {category} nos últimos 90 dias",
        ),
        "category_mean_tier_viewed": (
            "Vê em média o nível {value} de {category}",
            "Nunca viu {category}",
        ),
        "category_view_rate": ("Vê {category} {value} [vez|vezes] por ano", _NO_INTEREST),
    },
    "email_responses": {
        "sent__{days}d": (
            "Recebeu {value} [mensagem|mensagens] nos últimos {days} dias",
            _NO_MESSAGE,
        ),
        "emails__{days}d": (
            "Recebeu {value} [e-mail|e-mails] nos últimos {days} dias",
            _NO_MESSAGE,
        ),
        "sent_trend": (
            "Recebe {value} vezes as mensagens habituais",
            "Sem mensagens nos últimos 90 dias",
        ),
        "opened_share": ("Abre {value} dos e-mails", _NO_MESSAGE),
        "clicked_share": ("Clica em {value} das mensagens", _NO_MESSAGE),
        "responded_share": ("Responde a {value} das mensagens", _NO_MESSAGE),
        "text_clicked_share": ("Clica em {value} dos SMS", "Nunca recebeu um SMS"),
        "letter_responded_share": ("Responde a {value} das cartas", "Nunca recebeu uma carta"),
        "call_responded_share": (
            "Responde a {value} das chamadas comerciais",
            "Nunca recebeu uma chamada comercial",
        ),
        "delivered_share": ("Chegam-lhe {value} das mensagens", _NO_MESSAGE),
        "opened_change__{days}d": (
            "Mudança recente nos e-mails que abre: {value} pontos",
            "Sem e-mails nos últimos {days} dias",
        ),
        "ignored_in_a_row": (
            "Ignorou [a última mensagem|as últimas {value} mensagens]",
            _NO_MESSAGE,
        ),
        "days_since_sent": ("Última mensagem há {value} [dia|dias]", _NO_MESSAGE),
        "days_since_click": (
            "A última mensagem em que clicou é de há {value} [dia|dias]",
            "Nunca clicou numa mensagem",
        ),
        "days_since_response": (
            "A última mensagem a que respondeu é de há {value} [dia|dias]",
            "Nunca respondeu a uma mensagem",
        ),
        "category_sent__{days}d": (
            "Recebeu {value} [mensagem|mensagens] sobre {category} nos últimos {days} dias",
            _NO_CATEGORY_MESSAGE,
        ),
        "category_clicked_share": (
            "Clica em {value} das mensagens sobre {category}",
            _NO_CATEGORY_MESSAGE,
        ),
        "category_responded_share": (
            "Responde a {value} das mensagens sobre {category}",
            _NO_CATEGORY_MESSAGE,
        ),
        "days_since_category_click": (
            "A última mensagem sobre {category} em que clicou é de há {value} [dia|dias]",
            "Nunca clicou numa mensagem sobre {category}",
        ),
        "days_since_category_sent": (
            "Última mensagem sobre {category} há {value} [dia|dias]",
            _NO_CATEGORY_MESSAGE,
        ),
    },
    "product_history": {
        "acquisitions__{days}d": (
            "Comprou {value} [produto|produtos] nos últimos {days} dias",
            _NO_EVENTS,
        ),
        "spend__{days}d": ("Gastou {value} nos últimos {days} dias", _NO_EVENTS),
        "acquisition_trend": (
            "Compra a {value} vezes o seu ritmo habitual",
            "Sem compras nos últimos 90 dias",
        ),
        "cancellations__{days}d": (
            "Cancelou {value} [produto|produtos] nos últimos {days} dias",
            _NO_EVENTS,
        ),
        "returned_share__{days}d": (
            "Devolveu {value} do que comprou nos últimos {days} dias",
            _NO_ACQUISITION,
        ),
        "discount_share__{days}d": (
            "Os descontos são {value} do valor das suas compras",
            "Sem gastos nos últimos {days} dias",
        ),
        "days_since_acquisition": ("Última compra há {value} [dia|dias]", _NEVER_BOUGHT),
        "days_since_cancellation": (
            "Último cancelamento há {value} [dia|dias]",
            "Nunca cancelou um produto",
        ),
        "days_between_acquisitions": (
            "Compra [todos os dias|de {value} em {value} dias]",
            _NO_RHYTHM,
        ),
        "order_value__{days}d": ("Costuma pagar {value} por compra", _NO_ACQUISITION),
        "categories__{days}d": (
            "Comprou em {value} [categoria|categorias] nos últimos {days} dias",
            _NO_EVENTS,
        ),
        "mean_tier__{days}d": ("Costuma comprar o nível {value}", _NO_ACQUISITION),
        "held_categories": (
            "Tem produtos de {value} [categoria|categorias]",
            _NOTHING_HELD,
        ),
        "held_products": ("Tem {value} [produto|produtos]", _NOTHING_HELD),
        "days_since_category_acquisition": (
            "Comprou {category} pela última vez há {value} [dia|dias]",
            "Nunca comprou {category}",
        ),
        "days_since_category_cancellation": (
            "Deixou {category} há {value} [dia|dias]",
            "Nunca deixou {category}",
        ),
        "category_acquisitions": (
            "Comprou {category} [uma vez|{value} vezes] até agora",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "days_between_category_acquisitions": (
            "Compra {category} [todos os dias|de {value} em {value} dias]",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_overdue": (
            "Desde a última compra de {category} passou {value} vezes o intervalo habitual",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_share": (
            "{category} representa {value} do que compra",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_acquisitions__season": (
            "Comprou {category} [uma vez|{value} vezes] nesta altura há um ano",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_highest_tier": (
            "Já teve o nível {value} de {category}",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_held_tier": ("Tem o nível {value} de {category}", _NOT_HELD),
        "category_steps_to_top": (
            "Ainda pode subir {value} [nível|níveis] em {category}",
            _NOT_HELD,
        ),
        "category_held_days": ("Tem {category} há {value} [dia|dias]", _NOT_HELD),
        "category_acquisitions__{days}d": (
            "Comprou {category} [uma vez|{value} vezes] nos últimos {days} dias",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_spend__{days}d": (
            "Gastou {value} em {category} nos últimos {days} dias",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "held_products__{days}d_ago": (
            "Há {days} dias tinha {value} [produto|produtos]",
            _NO_EVENTS,
        ),
        "days_since_first_acquisition": (
            "Comprou pela primeira vez há {value} [dia|dias]",
            _NEVER_BOUGHT,
        ),
        "days_since_second_last_acquisition": (
            "Penúltima compra há {value} [dia|dias]",
            _NO_RHYTHM,
        ),
        "days_since_second_last_cancellation": (
            "Penúltimo cancelamento há {value} [dia|dias]",
            "Não cancelou duas vezes",
        ),
        "acquisition_overdue": (
            "Desde a última compra passou {value} vezes o intervalo habitual",
            _NO_RHYTHM,
        ),
        "gap_variation": (
            "Irregularidade dos dias entre compras: {value} (0 é regular)",
            _NO_RHYTHM,
        ),
        "acquisition_intensity": (
            "Comprou muito há pouco: {value} compras, as recentes contam mais",
            _NO_EVENTS,
        ),
        "acquisition_days__{days}d": (
            "Comprou em {value} [dia|dias] dos últimos {days} dias",
            _NO_EVENTS,
        ),
        "spend_to_mean__{days}d": (
            "Gastou {value} vezes o que gasta um cliente médio nos últimos {days} dias",
            _NO_EVENTS,
        ),
        "spend_to_own_past__{days}d": (
            "Gastou {value} vezes o habitual nos últimos {days} dias",
            "Sem gastos no último ano",
        ),
        "discounted_share__{days}d": (
            "Das suas compras, {value} têm desconto",
            _NO_ACQUISITION,
        ),
        "brand_repeat_share": (
            "Repete a marca em {value} das compras",
            _NO_RHYTHM,
        ),
        "upgrades": (
            "Subiu de nível [uma vez|{value} vezes]",
            _NO_EVENTS,
        ),
        "downgrades": (
            "Desceu de nível [uma vez|{value} vezes]",
            _NO_EVENTS,
        ),
        "tier_place__{days}d": (
            "Costuma comprar a {value} do caminho até ao nível mais alto",
            "Sem compras com níveis nos últimos {days} dias",
        ),
        "new_categories__{days}d": (
            "Comprou pela primeira vez em {value} [categoria|categorias] nos últimos {days} dias",
            _NO_EVENTS,
        ),
        "top_category__{days}d": (
            "O que mais compra é {value}",
            _NO_ACQUISITION,
        ),
        "top_category_share__{days}d": (
            "Faz {value} das compras numa só categoria",
            _NO_ACQUISITION,
        ),
        "days_since_second_last_category_acquisition": (
            "Penúltima compra de {category} há {value} [dia|dias]",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_gap_variation": (
            "Irregularidade dos dias entre compras de {category}: {value} (0 é regular)",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_overdue_typical": (
            "Desde a última compra de {category} passou {value} vezes o intervalo da maioria",
            "Nunca comprou {category}, ou ninguém comprou duas vezes",
        ),
        "days_since_category_ran_out": (
            "{category} acabou há {value} [dia|dias]",
            "Não se lhe acabou {category}",
        ),
        "days_until_category_runs_out": (
            "{category} acaba dentro de {value} [dia|dias]",
            "Não se lhe vai acabar {category}",
        ),
        "category_intensity": (
            "Comprou muito {category} há pouco: {value} compras, as recentes contam mais",
            _NO_EVENTS_IN_CATEGORY,
        ),
        "category_trend": (
            "Compra {category} a {value} vezes o seu ritmo habitual",
            "Sem compras de {category} nos últimos 90 dias",
        ),
        "category_brand_repeat_share": (
            "Repete a marca de {category} em {value} das compras",
            _NO_RHYTHM_IN_CATEGORY,
        ),
        "category_day_share__{days}d": (
            "{category} está em {value} das suas compras",
            _NO_ACQUISITION,
        ),
        "category_spend_share__{days}d": (
            "Dedica {value} dos gastos a {category}",
            "Sem gastos nos últimos {days} dias",
        ),
        "category_price_level__{days}d": (
            "Paga por {category} {value} vezes o que paga um cliente médio",
            "Sem compras de {category} nos últimos {days} dias",
        ),
    },
    "socio_demographics": {
        "age": ("Tem {value} [ano|anos]", "Idade desconhecida"),
        "tenure": ("É cliente há {value} [dia|dias]", "Antiguidade desconhecida"),
        "household_size": (
            "No seu agregado [vive uma pessoa|vivem {value} pessoas]",
            "Dimensão do agregado desconhecida",
        ),
        "household_customers": (
            "No seu agregado há {value} [cliente|clientes]",
            "Agregado desconhecido",
        ),
        "customer_type": ("O cliente é do tipo {value}", "Tipo de cliente desconhecido"),
        "gender": ("Sexo: {value}", "Sexo desconhecido"),
        "region": ("Mora em {value}", "Região desconhecida"),
        "income_band": ("Escalão de rendimento: {value}", "Rendimento desconhecido"),
        "language": ("Língua: {value}", "Língua desconhecida"),
        "profile_completeness": (
            "Preencheu {value} do seu perfil",
            "Perfil desconhecido",
        ),
        "income_level": (
            "O seu escalão de rendimento é o número {value} a contar de baixo",
            "Rendimento desconhecido",
        ),
        "region_acquirers__{days}d": (
            "Dos clientes da sua região, {value} compraram nos últimos {days} dias",
            "Região desconhecida",
        ),
        "income_acquirers__{days}d": (
            "Dos clientes com o seu rendimento, {value} compraram nos últimos {days} dias",
            "Rendimento desconhecido",
        ),
    },
    "surveys": {
        "last_score": ("A sua última avaliação foi de {value} em 10", _NO_ANSWER),
        "mean_score": ("A sua avaliação média é de {value} em 10", _NO_ANSWER),
        "last_step": (
            "Diferença entre a última avaliação e a anterior: {value} pontos em 10",
            "Não respondeu duas vezes ao mesmo inquérito",
        ),
        "answered_share": ("Responde a {value} dos inquéritos", _NO_SURVEY),
        "last_delay": ("Demorou {value} [dia|dias] a responder ao último inquérito", _NO_ANSWER),
        "days_since_asked": ("Último inquérito enviado há {value} [dia|dias]", _NO_SURVEY),
        "days_since_answer": (
            "Respondeu ao último inquérito há {value} [dia|dias]",
            _NO_ANSWER,
        ),
        "days_since_bad_answer": (
            "Deu uma má avaliação há {value} [dia|dias]",
            "Nunca deu uma má avaliação",
        ),
    },
}
