"""What the demo's customers write: phrases by subject and by how they feel, put together by chance."""

from random import Random
from typing import Final

from shared.scoring import NpsClass

_PRAISE: Final = {
    "website": ("Achei tudo muito rápido no site.", "O site é claro e fácil de usar.", "Gostei das fotos e das descrições dos pães."),
    "checkout": ("Comprar foi fácil, em dois minutos estava feito.", "Pagamento por Pix sem complicação.", "Checkout simples, sem cadastro longo."),
    "delivery": ("Chegou quentinho e antes da hora!", "Entrega pontual, embalagem caprichada.", "O entregador foi muito educado."),
    "support": ("Atendimento nota dez, resolveram na hora.", "A Júlia do chat foi muito atenciosa.", "Responderam em cinco minutos num domingo."),
    "renewal": ("Renovei sem pensar duas vezes.", "Já são dois anos de assinatura, vale muito.", "O preço da renovação continua justo."),
    "onboarding": ("Em cinco minutos já estava usando o app.", "O passo a passo do começo ajuda muito."),
    "order": ("Pedir pelo app é muito prático.", "Gosto de repetir o último pedido com um toque.", "Acompanho a entrega em tempo real, ótimo."),
    "subscription": ("A assinatura semanal mudou o café da manhã aqui de casa.", "Consigo pausar a assinatura quando viajo, perfeito."),
    "relationship": ("Parceiros de confiança, nunca nos deixaram na mão.", "O gerente de contas conhece o nosso negócio.", "Qualidade constante há anos."),
}
_LUKEWARM: Final = {
    "website": ("O site é bom, mas a busca poderia melhorar.", "Faltam filtros por ingrediente."),
    "checkout": ("Bom, mas o frete só aparece no fim.", "Faltou a opção de vale-refeição."),
    "delivery": ("Entrega ok, só a janela de horário é larga demais.", "Chegou certo, mas sem aviso."),
    "support": ("Resolveram, mas precisei explicar duas vezes.", "Atendimento bom, espera um pouco longa."),
    "renewal": ("Renovei, mas o preço subiu.", "Gostaria de um plano para uma pessoa só."),
    "onboarding": ("Cadastro um pouco longo.", "Demorei para achar o menu."),
    "order": ("O app é bom, às vezes demora a abrir.", "Falta salvar mais de um endereço."),
    "subscription": ("Boa, mas queria trocar itens até mais tarde.", "A assinatura é boa, o app nem sempre."),
    "relationship": ("Bom fornecedor, prazo de fatura poderia ser maior.", "Produto ótimo, relatórios nem tanto."),
}
_COMPLAINT: Final = {
    "website": ("O site caiu duas vezes enquanto eu escolhia.", "Não encontrei informação sobre alergênicos."),
    "checkout": ("Cobraram duas vezes no cartão.", "O cupom não funcionou e ninguém explicou.", "Frete caro demais para o meu bairro."),
    "delivery": ("Atrasou duas horas e o pão chegou frio.", "Entregaram o pedido errado.", "Prometeram para as 8h e chegou às 11h.", "Embalagem rasgada, metade amassada."),
    "support": ("Fiquei quarenta minutos na fila do chat.", "Três atendentes, três respostas diferentes.", "Ninguém retornou a minha ligação."),
    "renewal": ("O preço dobrou na renovação sem aviso.", "Cancelar é muito mais difícil do que assinar."),
    "onboarding": ("O código por SMS nunca chegou.", "Pediram dados demais para começar."),
    "order": ("O app fechou sozinho no meio do pedido.", "O endereço some toda vez que atualiza."),
    "subscription": ("Cobraram um mês que eu tinha pausado.", "Não consigo trocar o dia da entrega."),
    "relationship": ("Dois pedidos errados no trimestre.", "O novo gerente de contas não responde.", "Nota fiscal sempre com atraso."),
}
_BROKEN: Final = (
    "Depois da versão 4.0 a minha assinatura pro sumiu.",
    "A atualização 4.0 apagou os meus pedidos recorrentes.",
    "Desde a 4.0 o app não reconhece o plano pro, absurdo.",
    "Pago o pro e depois da atualização vejo a tela do gratuito.",
    "A versão nova trava ao editar a assinatura.",
)
_SEASON: Final = ("No Natal ficou impossível, atrasou um dia inteiro.", "Na semana da promoção ninguém dá conta das entregas.")
_AFTERTHOUGHTS: Final = {
    NpsClass.PROMOTER: ("Recomendo!", "Já indiquei para a vizinha.", "Parabéns à equipe.", "Continuem assim."),
    NpsClass.PASSIVE: ("No geral, bom.", "Dá para melhorar.", "Nada grave."),
    NpsClass.DETRACTOR: ("Esperava mais.", "Estou pensando em cancelar.", "Por favor, resolvam.", "Decepcionante."),
}
_PHRASES: Final = {NpsClass.PROMOTER: _PRAISE, NpsClass.PASSIVE: _LUKEWARM, NpsClass.DETRACTOR: _COMPLAINT}


def comment(nps_class: NpsClass, touchpoint: str, chance: Random, *, is_broken: bool, is_rush: bool) -> str:
    """A comment in Portuguese of somebody of that class at that touchpoint."""
    is_unhappy = nps_class is NpsClass.DETRACTOR
    phrases = _PHRASES[nps_class][touchpoint]
    if is_unhappy and is_broken and chance.random() < 0.8:  # noqa: PLR2004 - most complain of what has just broken
        phrases = _BROKEN
    elif is_unhappy and is_rush and touchpoint == "delivery" and chance.random() < 0.5:  # noqa: PLR2004
        phrases = _SEASON
    said = chance.choice(phrases)
    return f"{said} {chance.choice(_AFTERTHOUGHTS[nps_class])}" if chance.random() < 0.5 else said  # noqa: PLR2004
