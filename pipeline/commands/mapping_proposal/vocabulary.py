"""What companies call the contract's columns, in English, Spanish, Portuguese, French and German.

Names are compared in small letters without accents or punctuation: `ID_Cliente` is `idcliente`.
"""

import re
import unicodedata
from collections.abc import Mapping

NAMES: Mapping[str, Mapping[str, str]] = {
    "customers": {
        "customer_id": "customerid custid customer clientid client idcliente clienteid cliente codcliente codigocliente idclient kundennummer kundenid kunde userid user accountid account memberid idcustomer numcliente nrcliente id",
        "household_id": "householdid household hogar idhogar familia foyer haushalt agregado",
        "customer_type": "customertype type tipo tipocliente clienttype typeclient kundentyp segment segmento",
        "birth_date": "birthdate dateofbirth dob birthday born nacimiento fechanacimiento fechadenacimiento datanascimento nascimento datenaissance naissance geburtsdatum geburtstag",
        "gender": "gender sex sexo genero genre sexe geschlecht",
        "region": "region province provincia state estado departamento comunidad bundesland city ciudad cidade ville stadt",
        "country": "country countrycode pais pays land paese codigopais",
        "household_size": "householdsize convivientes familysize miembroshogar haushaltsgrosse",
        "income_band": "incomeband income ingresos renta renda revenu einkommen",
        "signed_up_on": "signedupon signupdate signup registered registrationdate createdat dateregistered customersince alta fechaalta fecharegistro registro datacadastro cadastro inscription dateinscription anmeldedatum registriertam",
        "language": "language lang idioma langue sprache lingua",
        "email": "email mail emailaddress correo correoelectronico courriel",
        "phone": "phone phonenumber mobile telephone telefono movil celular telemovel telefone telefon handy",
    },
    "products": {
        "product_id": "productid product sku itemid item articleid articulo codarticulo codigoarticulo codigo codigoproducto idproducto producto produto codproduto idproduit produit artikelnummer artikel stockcode code reference referencia ref id",
        "category": "category productcategory categoria familia family group productgroup grupo categorie famille kategorie warengruppe type tipo",
        "tier": "tier level nivel gama niveau stufe grade rank",
        "name": "name productname description descripcion nombre nome descricao nom designation bezeichnung title titulo",
        "brand": "brand marca marque marke vendor manufacturer fabricante hersteller",
        "price": "price unitprice listprice precio pvp preco prix preis cuota tarifa fee",
        "margin_rate": "marginrate margin margen margem marge",
        "repurchase_days": "repurchasedays recompradias diasrecompra",
        "launched_on": "launchedon launchdate launched lanzamiento fechalanzamiento lancamento lancement createdat",
        "retired_on": "retiredon discontinued enddate retirada fechabaja",
    },
    "product_events": {
        "customer_id": "customerid custid customer clientid client idcliente clienteid cliente codcliente codigocliente idclient kundennummer kundenid kunde userid user accountid account memberid idcustomer numcliente nrcliente",
        "product_id": "productid product sku itemid item articleid articulo codarticulo codigoarticulo codigoproducto idproducto producto produto codproduto idproduit produit artikelnummer artikel stockcode",
        "kind": "kind operation operacion tipomovimiento movementtype eventtype event transactiontype tipooperacion operacao vorgang movimiento type tipo",
        "occurred_at": "occurredat date orderdate invoicedate transactiondate purchasedate timestamp datetime fecha fechapedido fechacompra fechahora data datapedido datacompra dateachat datecommande datum bestelldatum createdat orderedat",
        "order_id": "orderid order ordernumber invoice invoiceno invoiceid pedido idpedido numpedido numeropedido ticket factura movimiento transactionid transaction commande idcommande bestellung bestellnummer auftrag basketid receipt",
        "quantity": "quantity qty units unidades cantidad quantidade quantite menge anzahl pieces",
        "amount": "amount total linetotal importe valor montant betrag umsatz revenue sales spend netamount",
        "discount": "discount descuento desconto remise rabatt",
        "channel": "channel canal kanal via store tienda",
    },
    "interactions": {
        "customer_id": "customerid custid customer clientid client idcliente clienteid cliente codcliente idclient kundennummer kunde userid user accountid",
        "channel": "channel canal kanal via medio source",
        "kind": "kind type tipo motivo reason eventtype event action accion interaction",
        "occurred_at": "occurredat date timestamp datetime fecha momento fechahora data datum visitedat",
        "product_id": "productid product sku producto produto produit artikel",
        "device": "device dispositivo appareil gerat",
        "duration_seconds": "durationseconds duration seconds segundos duracion duree dauer",
        "resolved_at": "resolvedat resolved closedat resuelto fecharesolucion resolvido resolu gelost",
    },
    "surveys": {
        "survey_id": "surveyid survey idencuesta encuesta pesquisa enquete umfrage responseid",
        "customer_id": "customerid custid customer clientid client idcliente cliente kunde userid user",
        "instrument": "instrument surveytype type tipo metric",
        "sent_at": "sentat sent enviado fechaenvio enviada date fecha",
        "answered_at": "answeredat answered respondido fecharespuesta respondedat completedat",
        "score": "score nps rating puntuacion nota valoracion note bewertung",
        "comment": "comment comments comentario commentaire kommentar feedback",
    },
    "messages": {
        "message_id": "messageid idmensaje mensajeid sendid id",
        "customer_id": "customerid custid customer clientid client idcliente cliente kunde userid user",
        "campaign_id": "campaignid campaign campana idcampana campanha campagne kampagne",
        "channel": "channel canal kanal medio",
        "sent_at": "sentat sent senddate enviado fechaenvio envio date fecha",
        "delivered_at": "deliveredat delivered entregado",
        "bounced_at": "bouncedat bounced rebotado",
        "opened_at": "openedat opened abierto open",
        "clicked_at": "clickedat clicked clic click",
        "unsubscribed_at": "unsubscribedat unsubscribed baja",
    },
    "consents": {
        "customer_id": "customerid custid customer clientid client idcliente cliente kunde userid user",
        "channel": "channel canal kanal medio",
        "granted": "granted consent optin consentimiento acepta permission subscribed consentement einwilligung",
        "changed_at": "changedat date timestamp updatedat fecha fechacambio data datum",
    },
}
"""Contract table -> contract column -> names, the likeliest first."""

ORDER_LINES: Mapping[str, str] = {
    "order_id": NAMES["product_events"]["order_id"],
    "occurred_at": NAMES["product_events"]["occurred_at"],
    "customer_id": NAMES["product_events"]["customer_id"],
    "email": NAMES["customers"]["email"],
    "region": NAMES["customers"]["region"],
    "country": NAMES["customers"]["country"],
    "product_id": NAMES["product_events"]["product_id"],
    "product_name": "productname itemname description descripcion nombreproducto descricao designation bezeichnung name nombre",
    "category": NAMES["products"]["category"],
    "brand": NAMES["products"]["brand"],
    "quantity": NAMES["product_events"]["quantity"],
    "price": NAMES["products"]["price"],
    "amount": NAMES["product_events"]["amount"],
    "discount": NAMES["product_events"]["discount"],
    "currency": "currency moneda moeda devise wahrung",
    "channel": NAMES["product_events"]["channel"],
}
"""The same for the template `order_lines`."""

VALUES: Mapping[str, Mapping[str, str]] = {
    "product_events.kind": {
        "acquired": "acquired purchase purchased sale sold buy bought order alta compra venta vendido pedido achat vente commande kauf verkauf",
        "cancelled": "cancelled canceled cancellation cancel baja cancelacion cancelado anulacion resiliation kundigung storno",
        "returned": "returned return refund refunded devolucion devuelto devolucao retour rembourse ruckgabe",
    },
    "customers.customer_type": {
        "consumer": "consumer person individual private b2c particular privado particulier privat",
        "business": "business company corporate b2b empresa entreprise firma unternehmen",
    },
    "customers.gender": {
        "female": "female woman mujer mulher femme frau",
        "male": "male man hombre homem homme mann herr",
    },
    "product_events.channel": {
        "web": "web online website ecommerce tiendaonline internet",
        "store": "store shop tienda loja magasin laden filiale pos",
        "phone": "phone telephone telefono telefone telefon call",
    },
    "interactions.channel": {
        "web": "web online website",
        "app": "app aplicacion application",
        "store": "store shop tienda loja magasin laden filiale",
        "call_centre": "callcentre callcenter phone telephone telefono telefone telefon",
    },
    "interactions.kind": {
        "visit": "visit visita visite besuch",
        "complaint": "complaint reclamacion reclamo queja reclamacao reclamation plainte beschwerde",
        "incident": "incident incidencia averia panne storung avaria",
        "service_call": "servicecall call llamada appel anruf",
        "login": "login acceso connexion anmeldung",
        "search": "search busqueda recherche suche pesquisa",
    },
    "messages.channel": {
        "email": "email correo mail",
        "sms": "sms",
        "push": "push",
        "phone": "phone telefono call",
        "mail": "post carta letter",
    },
}
"""Contract values and the words for them; only what is listed is proposed, the rest is asked."""


def plain_word(name: str) -> str:
    """Return a name or word as it is compared."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", letters)


def name_score(own: str, names: str) -> float:
    """Return how well a file's column is one of some names: 1 the first, 0 none at all."""
    listed = names.split()
    word = plain_word(own)
    if word in listed:
        return 1.0 if word == listed[0] else 0.92
    parts = {plain_word(part) for part in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", own)}
    near = parts & {name for name in listed if len(name) > 3}
    return 0.7 if near else 0.0
